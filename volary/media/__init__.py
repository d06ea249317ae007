"""Media: pictures, animated GIFs, short videos and subtitles that people send, and who may see them.

Owns the tables `media`, `media_segments` and `media_readers`, and the folder in which the files lie (decision 0038). What is sent is read
with a library, in a process of its own with limits, and written anew; nothing is believed by its name or its declared type.

Rooms above attach media with `volary.media.actions.attaching`: posts with `attach_to_post` and `detach_from_post`, messages with
`attach_to_message` and `detach_from_message`, each inside their own action. They show them with the kind `media` (an expansion that gives
ids), whose rows are only those that the reader may see: what is attached to a live post whose author they may see, what was attached to a
message of which they hold a copy, and their own. `volary.media.queries.own_media` tells which of an account's media can be attached.
"""
