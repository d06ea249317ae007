"""The only room that sees every other: it opens the doors, starts the process, and is the command line.

`registry` lists what each room offers; `asgi` is the order in which a request passes through, `gate` its first step; `owned` is what a
process opens and closes; `cli` holds the commands; `demo` the throw-away installation to play with.
"""
