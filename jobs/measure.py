"""Measures: one fresh perf_analyzer process for each measurement asked for, against a Triton that is already running.

    python3 measure.py --settings settings.json

Standard library only. For each measurement one evidence file ``<id>.a<attempt>.json`` appears in
``paths.results``/evidence, whole or not at all, and the same text is framed on stdout for whoever reads the log.
An evidence file that is already there is not measured again, but framed again. ``measure.attempts`` (1 if left out)
says how often a measurement whose perf_analyzer failed is made. Kubernetes finds the last words in the termination
message: how many evidence files there are, and their digest.

Exit codes: 0 all asked for is there (a perf_analyzer that failed counts: its evidence says so), 2 bad settings,
4 Triton, perf_analyzer or the disk would not do, 130/143 interrupted.
"""

import argparse
import hashlib
import json
import os
import platform
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from hpsb_adaptive import enough, needed
from hpsb_cold import cold_of, replay_cold
from hpsb_evidence import (
    EVIDENCE_SCHEMA,
    begin_mark,
    digest_of,
    due_now,
    evidence_name,
    has_failed,
    owes_nothing,
    printed_requests,
    read_whole,
    survey,
    text_and_end_mark,
)
from hpsb_hps_log import FILE_NAME as HPS_ERRORS
from hpsb_hps_log import read_hps_errors
from hpsb_parity import compare
from hpsb_runner import InterruptedRunError, Runner, StopError, perf_analyzer_version
from hpsb_series import Series, kept, windows_of
from hpsb_server_state import read_server_state
from hpsb_termination import write_termination
from hpsb_triton import CATEGORICAL, DENSE_FEATURES, NUMERICAL, SLOTS, Request, Triton, TritonError, request_path
from hpsb_witness import Witness

FEWEST_REQUESTS, MOST_REQUESTS = 20, 1_000_000
WARMUP_FEWEST = 3
# perf_analyzer's --shared-memory by measure.input; other inputs travel with the request.
SHARED_MEMORY = {"system_shared_memory": "system", "cuda_shared_memory": "cuda"}
SCORE_BYTES = 4


def say(kind, document):
    print(f"#hps-bench:{kind} {json.dumps(document, sort_keys=True)}", flush=True)


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def read_settings(path):
    try:
        with open(path, encoding="utf-8") as file:
            settings = json.load(file)
    except (OSError, ValueError) as error:
        raise StopError(2, f"{path}: cannot be read as settings: {error}") from error
    try:
        missing = [key for key in ("run_id", "spec_hash", "paths", "measure") if key not in settings]
        missing += ["paths." + key for key in ("requests", "results") if key not in settings.get("paths", {})]
        needed = (
            "perf_analyzer",
            "http",
            "grpc",
            "protocol",
            "mode",
            "window_ms",
            "stability_percentage",
            "max_trials",
        )
        needed += ("warmup_seconds", "deadline_seconds", "ready_seconds", "parity_limit", "variants", "measurements")
        missing += ["measure." + key for key in needed if key not in settings.get("measure", {})]
    except (AttributeError, TypeError) as error:
        raise StopError(2, f"{path}: is not an object of settings") from error
    if missing:
        raise StopError(2, "{}: lacks {}".format(path, ", ".join(missing)))
    attempts = settings["measure"].get("attempts", 1)
    if not isinstance(attempts, int) or attempts < 1:
        raise StopError(2, f"{path}: measure.attempts is {attempts!r}; allowed: a whole number, 1 or more")
    # A pod of a fleet has a folder of its own below the run's, which only the pod can name.
    settings["paths"]["results"] = str(Path(settings["paths"]["results"]) / os.environ.get("HPS_BENCH_UNIT", ""))
    return settings


def write_json(path, document):
    """Whole or not at all: a temporary name, synced, renamed, the folder synced."""
    temporary = path.with_name("." + path.name + ".tmp")
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(document, file, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StopError(4, f"{path}: cannot be written: {error}") from error


def is_there(path):
    """Whether a whole evidence file of this schema lies at the path."""
    return read_whole(path) is not None


def wait_ready(triton, variants, seconds):
    deadline = time.monotonic() + seconds
    for variant in variants:
        while not triton.ready(variant):
            if time.monotonic() > deadline:
                raise StopError(4, f"{variant} is not ready on Triton at {triton.address} after {seconds} s")
            time.sleep(0.2)


def check_parity(settings, triton):
    """Scores of every variant on the largest request of at most 1024 samples must agree.

    Returns what evidence says of it.
    """
    measure = settings["measure"]
    batches = sorted({item["batch"] for item in measure["measurements"]})
    batch = max([size for size in batches if size <= 1024] or batches[:1])
    request = Request(request_path(settings["paths"], batch))
    parity = compare(
        {variant: triton.infer(variant, request) for variant in measure["variants"]}, measure["parity_limit"]
    )
    parity["batch"], parity["requests"] = batch, 1
    write_json(Path(settings["paths"]["results"]) / "parity.json", parity)
    say("parity", parity)
    if not parity["ok"]:
        raise StopError(4, "parity: " + "; ".join(parity["problems"]))
    worst = max(row["max_abs_difference"] for row in parity["rows"])
    return {"ok": parity["ok"], "max_abs_difference": worst, "limit": parity["limit"]}


def server_folder(settings):
    """Where serve.py notes what it sees of Triton."""
    paths = settings["paths"]
    return Path(paths.get("server", paths["results"]))


def start_of(settings):
    """Which start of Triton serves; None where serve.py does not tell."""
    state = read_server_state(server_folder(settings))
    return None if state is None else state["start_id"]


def hps_errors(settings):
    """Errors that the parameter server has logged so far: {"count", "first"}, as serve.py noted them.

    None where no variant uses it and nobody looks. Its lookups answer with success after an error, so where a variant
    does use it, measuring without somebody looking at the log is refused.
    """
    folder = server_folder(settings)
    errors = read_hps_errors(folder)
    if errors is None and any("hps" in variant for variant in settings["measure"]["variants"]):
        raise StopError(
            4, f"{folder / HPS_ERRORS} is not there, so nobody looks for errors of HPS: start Triton by serve.py"
        )
    return errors


def refuse_hps_errors(settings):
    """Nothing is measured on a server whose parameter server has logged errors."""
    errors = hps_errors(settings)
    if errors is not None and errors["count"] > 0:
        raise StopError(
            4,
            "HPS has logged {} errors, so its answers mean nothing; the first: {}".format(
                errors["count"], errors["first"][0]
            ),
        )


def warm_up(triton, variant, request, seconds):
    """Sends the request until it was answered often and long enough.

    Returns the warm-up document and the median latency in s.
    """
    latencies, start = [], time.monotonic()
    while len(latencies) < WARMUP_FEWEST or time.monotonic() - start < seconds:
        before = time.monotonic()
        triton.infer(variant, request)
        latencies.append(time.monotonic() - before)
    document = {
        "requests": len(latencies),
        "seconds": time.monotonic() - start,
        "first_request_us": latencies[0] * 1e6,
    }
    return document, sorted(latencies)[len(latencies) // 2]


def command_line(settings, item, typical_s):
    """perf_analyzer's arguments: the page's command, and only what the mode needs besides."""
    measure, batch = settings["measure"], item["batch"]
    command = [measure["perf_analyzer"], "-m", item["variant"]]
    command += ["-i", "grpc", "-u", measure["grpc"]] if measure["protocol"] == "grpc" else ["-u", measure["http"]]
    command += ["--input-data", str(request_path(settings["paths"], batch))]
    command += ["--shape", f"{CATEGORICAL}:{batch},{SLOTS}"]
    command += ["--shape", f"{NUMERICAL}:{batch},{DENSE_FEATURES}"]
    shared = SHARED_MEMORY.get(measure.get("input", "json"))
    if shared is not None:
        command += ["--shared-memory", shared, "--output-shared-memory-size", str(batch * SCORE_BYTES)]
    if item["concurrency"] != 1:
        command += ["--concurrency-range", str(item["concurrency"])]
    if measure["mode"] == "request_count":
        wanted = int(measure["window_ms"] / 1000 / max(typical_s, 1e-6)) * item["concurrency"]
        return [*command, "--request-count", str(min(max(wanted, FEWEST_REQUESTS), MOST_REQUESTS))]
    command += ["-p", str(measure["window_ms"]), "-s", str(measure["stability_percentage"])]
    return [*command, "-r", str(measure["max_trials"])]


def cpu_model():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def host_environment(settings, triton, witness):
    server = triton.server()
    return {
        "triton_version": server.get("version"),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cpu_model": cpu_model(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        **witness.identity(),
        **settings["measure"].get("environment", {}),
    }


def measure_one(settings, item, triton, runner, host):
    """One measurement from warm-up to evidence file; returns the evidence."""
    measure = settings["measure"]
    request = host["requests"].get(item["batch"])
    if request is None:
        host["requests"].clear()
        request = Request(request_path(settings["paths"], item["batch"]))
        host["requests"][item["batch"]] = request
    attempt = item.get("attempt", 1)
    witness = host["witness"]
    started = now()
    warmup, typical_s = warm_up(triton, item["variant"], request, measure["warmup_seconds"])
    command = command_line(settings, item, typical_s)
    before = triton.statistics(item["variant"])
    # The frame's opening line goes out first: a log cut in mid-measurement then says which one is lost.
    say(
        "begin",
        begin_mark({**item, "attempt": attempt, "run_id": settings["run_id"], "spec_hash": settings["spec_hash"]}),
    )
    series = Series(measure["http"], item["variant"], before, measure.get("sample_ms", 1000))
    witness.begin()
    watched_since = now()
    code, signal_name, late, text = runner.run(command, host["child"], measure["deadline_seconds"], series.watch)
    try:
        after = triton.statistics(item["variant"])
        series.add(after)
    except TritonError:
        after = None
    ended = now()
    rows = kept(series.rows, printed_requests(text), item["concurrency"])
    evidence = {
        "schema": EVIDENCE_SCHEMA,
        "run_id": settings["run_id"],
        "spec_hash": settings["spec_hash"],
        "id": item["id"],
        "role": item.get("role", "cell"),
        "variant": item["variant"],
        "batch": item["batch"],
        "concurrency": item["concurrency"],
        "repeat": item["repeat"],
        "attempt": attempt,
        "started_at": started,
        "ended_at": ended,
        "command": command,
        "exit_code": code,
        "signal": signal_name,
        "deadline_exceeded": late,
        "perf_analyzer_version": host["version"],
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "mode": measure["mode"],
        "warmup": warmup,
        "cold": cold_of(host["cold"], item),
        "statistics": {"before": before, "first": series.first, "after": after},
        "samples": series.document(),
        "windows": windows_of(rows),
        **witness.end(watched_since, ended),
        "parity": host["parity"],
        "environment": {**host["environment"], "load_average_1m": os.getloadavg()[0]},
        "hps_errors": hps_errors(settings),
        "error": None if after is not None else "Triton stopped answering while perf_analyzer ran",
    }
    evidence = {**witness.judge(evidence), "text": text}
    evidence["enough"] = enough(measure.get("adaptive"), [*host["there"], evidence], item)
    frame(evidence)
    write_json(Path(settings["paths"]["results"]) / "evidence" / evidence_name(item), evidence)
    if after is None:
        raise StopError(4, "Triton at {} stopped answering during {}".format(triton.address, item["id"]))
    return evidence


def frame(evidence):
    """The rest of a frame whose first line is out: the text, and the last line with everything else."""
    text, mark = text_and_end_mark(evidence)
    sys.stdout.write(text)
    say("end", mark)


def child_environment(measure):
    """perf_analyzer's environment: this program's, with the folder of its libraries in front where one is given."""
    environment = dict(os.environ)
    folder = measure.get("library_path")
    if folder:
        environment["LD_LIBRARY_PATH"] = ":".join(part for part in (folder, environment.get("LD_LIBRARY_PATH")) if part)
    return environment


def measure_all(settings, todo, already, triton, runner, host):
    """One attempt at everything that is owed. ``already``: measurements that are made."""
    total = len(settings["measure"]["measurements"])
    for done, item in enumerate(todo, already):
        say("progress", {"stage": "measure", "done": done, "total": total, "unit": "measurements", "step": item["id"]})
        evidence = measure_one(settings, item, triton, runner, host)
        if has_failed(evidence):
            # A Triton on its way out answers on the connections it has and takes no new ones: it would seem ready here,
            # and one after the other everything that is owed would fail in seconds.
            triton.close()
            wait_ready(triton, settings["measure"]["variants"], settings["measure"]["ready_seconds"])


def last_words(settings, code, reason):
    """What Kubernetes shows of this program: {stage, ok, reason, exit_code, evidence, digest}.

    ``evidence`` and ``digest`` are of all evidence files of the measurements asked for, to hold the log against.
    """
    words = {"stage": "measure", "ok": code == 0, "reason": reason, "exit_code": code}
    if settings is not None:
        measure = settings["measure"]
        there, owed = look(settings)
        words.update(evidence=len(there), digest=digest_of(there))
        total = len(measure["measurements"])
        words["reason"] = reason or f"{total - len(owed)} of {total} measurements"
    write_termination(words)


def look(settings):
    """What is there, and what is owed now: (evidence documents, items with their attempt)."""
    measure = settings["measure"]
    folder = Path(settings["paths"]["results"]) / "evidence"
    there, owed = survey(folder, measure["measurements"], measure.get("attempts", 1))
    return there, needed(measure.get("adaptive"), there, owed)


def run(settings):
    measure = settings["measure"]
    evidence = Path(settings["paths"]["results"]) / "evidence"
    evidence.mkdir(parents=True, exist_ok=True)
    for leftover in evidence.glob(".*.tmp"):
        leftover.unlink()
    wanted = measure["measurements"]
    there, todo = look(settings)
    for document in there:
        say("begin", begin_mark(document))
        frame(document)
    if not todo:
        print(f"all {len(wanted)} measurements are there already", flush=True)
        return
    child = child_environment(measure)
    version = perf_analyzer_version(measure["perf_analyzer"], child)
    runner = Runner()
    triton = Triton(measure["http"])
    try:
        wait_ready(triton, measure["variants"], measure["ready_seconds"])
        refuse_hps_errors(settings)
        cold = replay_cold(measure["http"], settings["paths"], todo, start_of(settings), write_json)
        parity = check_parity(settings, triton)
        refuse_hps_errors(settings)
        witness = Witness(server_folder(settings), measure.get("limits", {}), there)
        host = {
            "child": child,
            "version": version,
            "environment": host_environment(settings, triton, witness),
            "requests": {},
            "witness": witness,
            "cold": cold,
            "parity": parity,
        }
        while todo:
            host["there"] = there
            already = len({document["id"] for document in there if owes_nothing(document)})
            measure_all(settings, due_now(wanted, todo), already, triton, runner, host)
            there, todo = look(settings)
        say(
            "progress",
            {"stage": "measure", "done": len(wanted), "total": len(wanted), "unit": "measurements", "step": "done"},
        )
    finally:
        triton.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--settings", required=True, help="path of settings.json")
    path = parser.parse_args().settings
    settings, code, reason = None, 0, None
    try:
        settings = read_settings(path)
        run(settings)
    except StopError as stop:
        code, reason = stop.code, str(stop)
    except TritonError as error:
        code, reason = 4, str(error)
    except InterruptedRunError as stop:
        code, reason = 128 + stop.number, f"{stop}; what was measured is kept"
    if reason is not None:
        print(f"measure.py: {reason}", file=sys.stderr, flush=True)
    last_words(settings, code, reason)
    return code


if __name__ == "__main__":
    sys.exit(main())
