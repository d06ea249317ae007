"""Remembering which signed requests were seen, so that none is taken twice (RFC 5849 §3.3).

What is remembered is a digest of (consumer, token, timestamp, nonce) under its second, for as long as the timestamp's window could let
the request in again. A server with SQLite keeps them in files of their own (`file`), processes that share Valkey keep them there
(`shared`), and PostgreSQL without Valkey keeps them in a table (`table`).
"""
