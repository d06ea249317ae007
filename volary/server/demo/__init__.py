"""`volary demo`: a throw-away installation with people, posts and Apps, and a sample third-party app beside it.

`people` fills the database, `sample_app` is the app (a separate program that imports nothing of Volary), `running` starts and stops the
two, and `tour` walks the whole story over HTTP.
"""
