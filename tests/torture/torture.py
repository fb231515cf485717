"""The parts, one after the other, each under the same seed and its own bound of time. Called by run."""
import argparse
import random
import time

import kills  # first: it says where the harness lies
import calls

PARTS = ("kills", "calls")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 10**6))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--no-install", action="store_true")  # run's
    o = parser.parse_args()
    if o.short:
        o.seconds = min(o.seconds, 4)
    print("torture: seed %d (again: sh tests/torture/run --seed %d)" % (o.seed, o.seed), flush=True)
    for part in PARTS if o.part is None else (o.part,):
        begin = time.monotonic()
        if part == "kills":
            kills.play(o.rounds, o.seconds, o.seed)
        else:
            calls.play(o.seconds, o.seed, o.short)
        print("%s: held, %.0f s" % (part, time.monotonic() - begin), flush=True)


main()
