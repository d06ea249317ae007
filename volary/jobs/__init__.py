"""What is done later: durable work of an act's consequences, done once the act is committed, at least once, by one process at a time.

Owns the table `jobs`. An action of any room above calls `actions.later` as part of itself, so the job exists exactly when its act does.
The room that does it declares a handler with `declaring.job` in its own `jobs.py`; `running.Runner` takes what is due, in every process
that serves. What recurs on its own, without an act, is no job: that is the server's `background`.

A handler may run twice (its process may end before it could say that it was done), so it must be written to bear that.
"""
