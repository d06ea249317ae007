"""The process: the doors of every room on one screen, the middleware around them, the command line and the demo.

The only room that sees all others; nothing imports it.
"""
