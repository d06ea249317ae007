"""Measurements, side by side in one run on this machine. They are no tests: `python -m tests.bench`.

The load comes from wrk, a process of its own on the same cores, so absolute numbers say little; the ratios to a bare ASGI application
on the same server software, taken in the same run, are what is compared over time (docs/measurements.md).
"""
