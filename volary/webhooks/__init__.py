"""Webhooks of operators: what happened to Apps is sent, signed, to addresses that the operator named.

Owns the tables `webhooks` and `webhook_deliveries`. What is sent are events of the record (`activity`), written down for delivery in the
act's own transaction and sent by a job, at least once. `rules.posting` is the one way by which this server calls an address that somebody
typed: it reaches public addresses only, or networks that the operator named (docs/decisions/0045).
"""
