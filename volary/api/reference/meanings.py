"""What each name means that operations take: once for the name, and where an operation means something else by it, for that operation.

A test asks for a meaning of every parameter and every property of every body.
"""

from volary.api.operation import Operation

_OWN = "The id of the account that the token stands for; another account's is refused."
_NOT_SERVED = "Known from X and not built on this server: a call that gives it is answered with 501."
_IGNORED = "Accepted for older clients, and changes nothing here."
_ONE_ACCOUNT = "the account is named by this or by the other of the two."
_LIST_WAYS = "A List is named by `list_id`, or by `slug` with its owner."

_MEANINGS = {
    "tweet.fields": "More fields of posts in the answer, in the older vocabulary.",
    "post.fields": "More fields of posts in the answer, in the newer vocabulary.",
    "user.fields": "More fields of accounts in the answer.",
    "media.fields": "More fields of media in `includes`.",
    "poll.fields": "More fields of polls in `includes`.",
    "place.fields": "More fields of places; accepted, and no post has a place here.",
    "dm_event.fields": "More fields of the events of messages.",
    "list.fields": "More fields of Lists.",
    "space.fields": "More fields of Spaces.",
    "topic.fields": "More fields of topics; accepted, and Spaces have no topics here.",
    "expansions": "Objects to bring along in `includes`, by the ids that lead to them.",
    "media_analytics.fields": "Which numbers the answer has.",
    "analytics.fields": "Which numbers the answer has.",
    "search_count.fields": "Which fields each count has; all of them always come.",
    "trend.fields": "Which fields each trend has.",
    "personalized_trend.fields": "Which fields each trend has.",
    "id": "The id of the object that the path names.",
    "ids": "The ids, with commas between them.",
    "username": "A username, without the @; small and capital letters are the same.",
    "usernames": "Usernames without the @, with commas between them.",
    "source_user_id": _OWN,
    "target_user_id": "The id of the account that this is done to.",
    "media_key": "The key of a media, such as `3_1234`.",
    "media_keys": "Keys of media, with commas between them.",
    "media_id": "The id of a media, as its upload gave it.",
    "media_ids": "The ids of media that were uploaded before: up to four pictures, or one GIF or video.",
    "tweet_id": "The id of a post.",
    "source_tweet_id": "The id of the post whose repost is taken back, or of the repost itself.",
    "woeid": "The place: 1 for the world, or a country's Where On Earth id.",
    "folder_id": "The id of one of your own bookmark folders.",
    "user_id": f"The id of an account: {_ONE_ACCOUNT}",
    "user_ids": "The ids of accounts, with commas between them.",
    "screen_name": f"The username of an account, without the @: {_ONE_ACCOUNT}",
    "list_id": f"The id of a List. {_LIST_WAYS}",
    "slug": f"The short name of a List, in small letters with hyphens. {_LIST_WAYS}",
    "owner_screen_name": "The username of the List's owner, beside `slug`.",
    "owner_id": "The id of the List's owner, beside `slug`.",
    "participant_id": "The id of the other person in the conversation.",
    "participant_ids": "The ids of the other members of the group; you are a member by yourself.",
    "event_id": "The id of a message's event.",
    "dm_conversation_id": "The id of a conversation: both accounts' ids with a hyphen, or a group's own.",
    "dm_id": "The id of the message that the file belongs to.",
    "resource_id": "The name of the file, as the media's address ends.",
    "include_entities": _IGNORED,
    "skip_status": "With `true` the account comes without its latest post.",
    "include_email": "With `true` the answer has the confirmed email address, where people allowed it to the App.",
    "query": "The words and operators to search for.",
    "max_results": "The most objects on one page.",
    "pagination_token": "The page to show: the `next_token` or `previous_token` of an answer's `meta`.",
    "next_token": "The page to show: the `next_token` of the last answer's `meta`.",
    "count": "The most objects on one page.",
    "cursor": "The page to show: the `next_cursor` or `previous_cursor` of an answer; -1 for the first.",
    "max_id": "Only what has this id or a smaller one.",
    "since_id": "Only what is newer than this id.",
    "until_id": "Only what is older than this id.",
    "start_time": "Only what is not older than this moment, such as `2026-01-31T00:00:00Z`.",
    "end_time": "Only what is older than this moment, such as `2026-01-31T00:00:00Z`.",
    "granularity": "How long the time is that each number is counted for.",
    "sort_order": "`recency` shows the newest first, `relevancy` what fits best.",
    "exclude": "Kinds of posts that are left out.",
    "lang": "The language of pages and mails: `en`, `nl` or `de`.",
    "time_zone": "The time zone in which times are shown, such as `Europe/Amsterdam`.",
    "sleep_time_enabled": _IGNORED,
    "start_sleep_time": _IGNORED,
    "end_sleep_time": _IGNORED,
    "trend_location_woeid": "The country whose trends are shown, by its Where On Earth id.",
    "name": "The name that people see.",
    "url": "An address on the web; an empty one takes it away.",
    "location": "Where the person is, in their own words.",
    "description": "What it is about, in a few words; an empty one takes it away.",
    "resources": "Families of operations, such as `users` or `statuses`; all of them where none is named.",
    "source_id": "The id of the first of the two accounts.",
    "source_screen_name": "The username of the first of the two accounts.",
    "target_id": "The id of the second of the two accounts.",
    "target_screen_name": "The username of the second of the two accounts.",
    "perform_block": "With `false` the account is reported only, and not blocked.",
    "command": "The step of an upload in segments: `INIT`, `APPEND`, `FINALIZE` or `STATUS`.",
    "media_type": "The kind of the file, such as `image/png` or `video/mp4`.",
    "media_category": "What the file is for, such as `tweet_image` or `dm_video`.",
    "total_bytes": "How many bytes the whole file has.",
    "segment_index": "The place of this segment in the file, from 0 on.",
    "additional_owners": "Other accounts that may use the media; media belong to one account here, so this is answered with 501.",
    "shared": "Whether a file may be used in more than one message.",
    "width": "Accepted for older clients: the whole picture is taken, and cut to its shape from the middle.",
    "height": "Accepted for older clients: the whole picture is taken, and cut to its shape from the middle.",
    "offset_left": "Accepted for older clients: where to cut cannot be chosen.",
    "offset_top": "Accepted for older clients: where to cut cannot be chosen.",
    "trim_user": "With `true` authors come as their ids alone.",
    "tweet_mode": "With `extended` posts have `full_text` in place of `text`.",
    "status": "The text of the post.",
    "in_reply_to_status_id": "The id of the post that this one answers.",
    "auto_populate_reply_metadata": "With `true` the answer goes to everybody in the post before, without their names.",
    "exclude_reply_user_ids": "The ids of accounts that are left out of an answer's addressees.",
    "attachment_url": _NOT_SERVED,
    "possibly_sensitive": "With `true` the post's media are shown behind a warning.",
    "lat": _NOT_SERVED,
    "long": _NOT_SERVED,
    "place_id": _NOT_SERVED,
    "display_coordinates": _IGNORED,
    "include_ext_alt_text": _IGNORED,
    "card_uri": _NOT_SERVED,
    "enable_dmcommands": _IGNORED,
    "fail_dmcommands": _IGNORED,
    "max_trends": "The most trends in the answer.",
    "mode": "`public`, or `private` for a List that only its owner sees.",
    "filter_to_owned_lists": "With `true` only the caller's own Lists.",
    "reverse": "With `true` the caller's own Lists come first.",
    "include_rts": "With `false` reposts are left out.",
    "timeline_order": "In which order the posts stand: as they were put, or by their age.",
    "max_position": "Only entries below this position; the next page is below the `min_position` of this one.",
    "min_position": "Only entries above this position.",
    "relative_to": "The id of a post of the collection beside which this one is put.",
    "above": "With `true` above that post, else below it.",
    "event_types": "Which kinds of events: messages, and people who join or leave.",
    "state": "Whether Spaces are live or only announced.",
    "metadata": "What is said about the media.",
    "metadata.alt_text": "What the media shows, for people who cannot see it.",
    "metadata.alt_text.text": "The words of it.",
    "metadata.sensitive_media_warning": "Why the media is shown behind a warning.",
    "subtitles": "The subtitles that are added.",
    "subtitles.id": "The id of the uploaded file with the subtitles.",
    "language_code": "The language of the subtitles, in two letters.",
    "display_name": "What the language is called in the player.",
    "text": "The text.",
    "reply": "What this post answers.",
    "in_reply_to_tweet_id": "The id of the post that this one answers.",
    "quote_tweet_id": "The id of the post that this one quotes.",
    "reply_settings": "Who may answer.",
    "media": "What is attached to the post.",
    "media.tagged_user_ids": "The ids of people who are in the pictures.",
    "poll": "A poll below the text.",
    "poll.options": "Two to four answers to choose from.",
    "poll.duration_minutes": "How long people can vote.",
    "edit_options": "Makes this a new version of a post of yours.",
    "edit_options.previous_post_id": "The id of the post that is edited.",
    "paid_partnership": "Whether the post says that somebody paid for it.",
    "made_with_ai": "Whether the post says that it was made with artificial intelligence.",
    "hidden": "`true` hides the answer, `false` shows it again.",
    "private": "Whether only you see the List.",
    "changes": "The changes, which are made in their order.",
    "op": "`add`, `remove`, or where to move it.",
    "attachments": "What is attached: one media.",
    "conversation_type": "Always `Group`.",
    "message": "The first message of the group.",
    "event": "The event of a message.",
    "event.type": "Always `message_create`.",
    "message_create": "The message.",
    "target": "To whom it goes.",
    "recipient_id": "The id of the account that gets the message.",
    "message_data": "What it says.",
    "attachment": "What is attached.",
    "attachment.type": "Always `media`.",
    "attachment.media": "The media, by its id.",
}

_UNSERVED = frozenset(
    "allow_download_status audience_policy content_expiration domain_restrictions found_media_origin geo_restrictions "
    "management_info preview_image shared_info sticker_info upload_source title embeddable preview_media_id call_to_actions "
    "nullcast share_with_followers for_super_followers_only geo community_id direct_message_deep_link quick_reply ctas".split()
)
"""What X's bodies may have and this server answers with 501."""

_HERE = {
    ("/2/tweets", "media.description"): _NOT_SERVED,
    ("/2/users/", "id"): _OWN,
    ("/2/media/", "id"): "The id of the media, as its upload gave it.",
    ("/2/lists/", "id"): "The id of the List.",
    ("/2/lists/", "user_id"): "The id of an account.",
    ("/2/users/", "list_id"): "The id of the List.",
    ("/2/tweets/", "id"): "The id of the post.",
    ("/2/spaces/", "id"): "The id of the Space, in letters and digits.",
    ("/2/dm_conversations/", "id"): "The id of the conversation: both accounts' ids with a hyphen, or a group's own.",
    ("/1.1/statuses/", "id"): "The id of the post.",
    ("/1.1/favorites/", "id"): "The id of the post.",
    ("/1.1/collections/", "id"): "The id of the collection, such as `custom-1234`.",
    ("/1.1/collections/", "op"): "What is done: `add`, `remove`, or `move`.",
    ("/1.1/direct_messages/", "id"): "The id of the message.",
    ("/2/dm_conversations/media/", "media_id"): "The id of the media in the message.",
    ("/2/users/search", "query"): "Words of usernames and names; each must begin one of them.",
    ("/2/spaces/search", "query"): "Words that all must be in a Space's title.",
    ("/1.1/account/update_profile.json", "description"): "What the person says about themselves.",
}
"""Meanings for the operations whose path begins so; the last one that fits counts."""


def meaning_of(asked: Operation, name: str) -> str:
    """What an operation means by a name, its own meaning before the general one; "" where nobody has written it down."""
    short = name.replace("[]", "").rpartition(".")[2] if name not in _MEANINGS else name
    if short in _UNSERVED:
        return _NOT_SERVED
    if name == "id" and asked.path.startswith("/2/users/{id}/dm/"):
        return "The id of the other account."
    if short == "id" and asked.path.startswith("/2/users/{id}") and _anybodys(asked):
        return "The id of an account."
    own = [told for (path, of), told in _HERE.items() if of in (name, short) and asked.path.startswith(path)]
    ending = next((one for one in _endings(name) if one in _MEANINGS), short)
    return own[-1] if own else _MEANINGS.get(ending, "")


def _endings(name: str) -> list[str]:
    """A dotted name and its ends, the longest first."""
    parts = name.replace("[]", "").split(".")
    return [".".join(parts[start:]) for start in range(len(parts))]


_OF_THE_CALLER = ("/blocking", "/muting", "/bookmarks", "/pinned_lists", "/timelines/")


def _anybodys(asked: Operation) -> bool:
    """Whether a path under a person's id may name anybody: reads may, but for what is private to each."""
    return asked.method == "GET" and not any(part in asked.path for part in _OF_THE_CALLER)
