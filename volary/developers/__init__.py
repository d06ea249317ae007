"""Developers and their teams, Projects and Apps, and the Apps' own credentials.

Owns the tables `developer_accounts`, `teams`, `team_members`, `team_invitations`, `projects`, `apps`, `app_icons`, `callback_urls`
and `credentials`. Who may do what in a team is one table, `rules.roles`. What people allowed an App is not here but in `oauth`. An App's
`epoch` is written into every token; raising it ends them all at once.
"""
