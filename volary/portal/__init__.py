"""The developer portal: pages and actions that need developers' Apps and what people granted them at the same time.

Owns no tables. The command line calls `portal.actions.commands`, the pages everything else here. Whoever does not own an App meets the
page of an address where nothing is (SR-172).
"""
