"""What Apps' calls come to: counters by App, endpoint and day, and the latest calls of each App with the reason of each refusal in words.

Owns `app_usage` and `app_calls`. Calls are noted in memory while they are answered (`actions.noting`) and written every two seconds, many
together. A refusal brings a `kit.errors.Clue`; what only the database knows about it is looked up when it is written, and `rules.reasons`
has its sentence. Nothing here is a secret, a text that somebody wrote, or an address from which somebody called (decision 0046).
"""
