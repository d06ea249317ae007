"""Sign-ins of people in browsers: start, list, end, throttle.

Owns the tables `sessions`, `sign_in_failures` and `password_resets`. A session is a row; the cookie holds a random token whose digest finds
it. A session counts only while its row is not ended and its epoch equals the account's, so ending one bites on the very next request
(C005–C007).
"""
