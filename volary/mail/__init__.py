"""Letters to people: kept until they are sent, written in the reader's language as text and HTML, sent by SMTP.

Owns the table `letters`. An action of any room above calls `actions.send` as part of itself. What a letter says stands in a template of
the room that sends it (`<room>/templates/<room>/letters/`), once for both forms. Where no mail server is set, letters stay in the outbox.
"""
