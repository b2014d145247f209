/** `42 s`, `3 min 05 s` or `3 h 07 min`. @param seconds not negative */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 100) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 100) return `${minutes} min ${two(whole % 60)} s`;
  const rounded = Math.round(whole / 60);
  return `${Math.floor(rounded / 60)} h ${two(rounded % 60)} min`;
}

const two = (n: number): string => String(n).padStart(2, '0');
