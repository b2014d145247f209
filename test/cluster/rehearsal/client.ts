import { readFileSync } from 'node:fs';
import { HttpApi } from '../../../jobs/conductor/api.js';
import { authorityFile, kubeconfigOf, type Access } from '../access.js';

/** The API as the admin, without starting kubectl for each call. */
export function adminApi(access: Access): HttpApi {
  const config = JSON.parse(readFileSync(kubeconfigOf(access, 'admin'), 'utf8')) as {
    users: { user: { token: string } }[];
  };
  const token = config.users[0]?.user.token;
  return new HttpApi({
    address: access.server,
    ca: readFileSync(authorityFile(access.folder), 'utf8'),
    token: () => token,
  });
}
