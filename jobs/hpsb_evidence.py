"""Evidence files of a run: which measurements have one, which are owed another attempt, and the frames on stdout.

A measurement whose perf_analyzer failed or counted late, whose Triton went away, or that has a figure above its limit
(hpsb_validity), may be made again under the next attempt's number; every attempt keeps its file. Whoever reads only the
log of the last process must find all of them there, so what is on the volume already is framed again.
"""

import hashlib
import json
import re

from hpsb_validity import doubted

EVIDENCE_SCHEMA = "hps-bench/evidence/1"


def evidence_name(item):
    return "{}.a{}.json".format(item["id"], item.get("attempt", 1))


def read_whole(path):
    """The evidence at the path, or None unless it is whole and of this schema."""
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        digest = hashlib.sha256(document["text"].encode()).hexdigest()
        return document if (document["schema"], document["text_sha256"]) == (EVIDENCE_SCHEMA, digest) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def has_failed(evidence):
    """Whether it says itself that the measurement could not be made; whether it is valid is judged elsewhere."""
    return (
        evidence.get("error") is not None
        or evidence.get("exit_code") != 0
        # It answers the SIGINT it is then sent with code 0.
        or evidence.get("deadline_exceeded") is True
    )


def counted_late(evidence):
    """Whether perf_analyzer left requests out of its figures that Triton answered, so that the two cannot be compared.

    It reads Triton's counters at about the time at which it sends its first requests; on a busy machine some are over
    by then. One is made good by the reading after the first request, more are not. Time windows leave some out anyway.
    """
    before, first, after = (evidence.get("statistics", {}).get(name) for name in ("before", "first", "after"))
    printed = printed_requests(evidence.get("text", ""))
    if evidence.get("mode") != "request_count" or not before or not after or printed is None:
        return False
    apart = after["success"]["count"] - before["success"]["count"] - printed
    return apart > (1 if first else 0)


def printed_requests(text):
    """The requests that perf_analyzer's figures are of, as it printed them; None where it printed none."""
    printed = re.search(r"^ +Successful request count: (\d+)$", text, re.MULTILINE)
    return None if printed is None else int(printed.group(1))


def owes_nothing(evidence):
    """Whether the measurement need not be made again, as far as this program can tell; the judge may know better."""
    return not has_failed(evidence) and not counted_late(evidence) and not doubted(evidence)


def survey(folder, wanted, attempts):
    """What is there and what is owed.

    ``attempts``: how often a measurement may be made, from the attempt that its item names (1 if none).
    Returns (evidence documents there, items to measure with their attempt), both in the order of ``wanted``.
    """
    there, owed = [], []
    for item in wanted:
        first = item.get("attempt", 1)
        for attempt in range(first, first + attempts):
            due = {**item, "attempt": attempt}
            evidence = read_whole(folder / evidence_name(due))
            if evidence is None:
                owed.append(due)
                break
            there.append(evidence)
            if owes_nothing(evidence):
                break
    return there, owed


def due_now(wanted, owed):
    """Of what is owed that which may be measured now: canaries behind the last cell wait until nothing else is owed."""
    cells = [number for number, item in enumerate(wanted) if item.get("role", "cell") == "cell"]
    late = {item["id"] for item in wanted[cells[-1] + 1 :]} if cells else set()
    return [item for item in owed if item["id"] not in late] or owed


def begin_mark(evidence):
    """The frame's first line, as a document."""
    return {
        "v": 1,
        "id": evidence["id"],
        "attempt": evidence["attempt"],
        "run": evidence["run_id"],
        "spec": evidence["spec_hash"],
    }


def text_and_end_mark(evidence):
    """The text as it is printed, with the line feed it may lack, and the frame's last line as a document."""
    text = evidence["text"]
    added = bool(text) and not text.endswith("\n")
    mark = {
        "v": 1,
        "id": evidence["id"],
        "bytes": len(text.encode()),
        "sha256": evidence["text_sha256"],
        "newline_added": added,
        "evidence": {key: value for key, value in evidence.items() if key != "text"},
    }
    return text + ("\n" if added else ""), mark


def digest_of(there):
    """SHA-256 of the sorted lines ``<id>.a<attempt> <text_sha256>``: who reads the log can tell whether it has all."""
    lines = sorted("{}.a{} {}\n".format(item["id"], item["attempt"], item["text_sha256"]) for item in there)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
