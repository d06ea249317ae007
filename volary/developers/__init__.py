"""Developers, their Projects and Apps, and the Apps' own credentials.

Owns the tables `developer_accounts`, `projects`, `apps`, `app_icons`, `callback_urls` and `credentials`. What people allowed an App is
not here but in `oauth`. An App's `epoch` is written into every token; raising it ends them all at once.
"""
