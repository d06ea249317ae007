"""Which function of a client makes which call. tests/compat/test_snippets.py runs programs of each client."""

XDK = {
    "DELETE /2/dm_events/{event_id}": "direct_messages.delete_events",
    "DELETE /2/lists/{id}": "lists.delete",
    "DELETE /2/lists/{id}/members/{user_id}": "lists.remove_member_by_user_id",
    "DELETE /2/media/subtitles": "media.delete_subtitles",
    "DELETE /2/tweets/{id}": "posts.delete",
    "DELETE /2/users/{id}/bookmarks/{tweet_id}": "users.delete_bookmark",
    "DELETE /2/users/{id}/followed_lists/{list_id}": "users.unfollow_list",
    "DELETE /2/users/{id}/likes/{tweet_id}": "users.unlike_post",
    "DELETE /2/users/{id}/pinned_lists/{list_id}": "users.unpin_list",
    "DELETE /2/users/{id}/retweets/{source_tweet_id}": "users.unrepost_post",
    "DELETE /2/users/{source_user_id}/muting/{target_user_id}": "users.unmute_user",
    "GET /2/dm_conversations/with/{participant_id}/dm_events": "direct_messages.get_events_by_participant_id",
    "GET /2/dm_conversations/{id}/dm_events": "direct_messages.get_events_by_conversation_id",
    "GET /2/dm_events": "direct_messages.get_events",
    "GET /2/dm_events/{event_id}": "direct_messages.get_events_by_id",
    "GET /2/lists/{id}": "lists.get_by_id",
    "GET /2/lists/{id}/followers": "lists.get_followers",
    "GET /2/lists/{id}/members": "lists.get_members",
    "GET /2/lists/{id}/tweets": "lists.get_posts",
    "GET /2/media": "media.get_by_keys",
    "GET /2/media/analytics": "media.get_analytics",
    "GET /2/media/upload": "media.get_upload_status",
    "GET /2/media/{media_key}": "media.get_by_key",
    "GET /2/spaces": "spaces.get_by_ids",
    "GET /2/spaces/by/creator_ids": "spaces.get_by_creator_ids",
    "GET /2/spaces/search": "spaces.search",
    "GET /2/spaces/{id}": "spaces.get_by_id",
    "GET /2/spaces/{id}/buyers": "spaces.get_buyers",
    "GET /2/spaces/{id}/tweets": "spaces.get_posts",
    "GET /2/trends/by/woeid/{woeid}": "trends.get_by_woeid",
    "GET /2/tweets": "posts.get_by_ids",
    "GET /2/tweets/analytics": "posts.get_analytics",
    "GET /2/tweets/counts/all": "posts.get_counts_all",
    "GET /2/tweets/counts/recent": "posts.get_counts_recent",
    "GET /2/tweets/search/all": "posts.search_all",
    "GET /2/tweets/search/recent": "posts.search_recent",
    "GET /2/tweets/{id}": "posts.get_by_id",
    "GET /2/tweets/{id}/liking_users": "posts.get_liking_users",
    "GET /2/tweets/{id}/quote_tweets": "posts.get_quoted",
    "GET /2/tweets/{id}/retweeted_by": "posts.get_reposted_by",
    "GET /2/tweets/{id}/retweets": "posts.get_reposts",
    "GET /2/users": "users.get_by_ids",
    "GET /2/users/by": "users.get_by_usernames",
    "GET /2/users/by/username/{username}": "users.get_by_username",
    "GET /2/users/me": "users.get_me",
    "GET /2/users/personalized_trends": "trends.get_personalized",
    "GET /2/users/reposts_of_me": "users.get_reposts_of_me",
    "GET /2/users/search": "users.search",
    "GET /2/users/{id}": "users.get_by_id",
    "GET /2/users/{id}/affiliates": "users.get_affiliates",
    "GET /2/users/{id}/blocking": "users.get_blocking",
    "GET /2/users/{id}/bookmarks": "users.get_bookmarks",
    "GET /2/users/{id}/bookmarks/folders": "users.get_bookmark_folders",
    "GET /2/users/{id}/bookmarks/folders/{folder_id}": "users.get_bookmarks_by_folder_id",
    "GET /2/users/{id}/followed_lists": "users.get_followed_lists",
    "GET /2/users/{id}/followers": "users.get_followers",
    "GET /2/users/{id}/following": "users.get_following",
    "GET /2/users/{id}/liked_tweets": "users.get_liked_posts",
    "GET /2/users/{id}/list_memberships": "users.get_list_memberships",
    "GET /2/users/{id}/mentions": "users.get_mentions",
    "GET /2/users/{id}/muting": "users.get_muting",
    "GET /2/users/{id}/owned_lists": "users.get_owned_lists",
    "GET /2/users/{id}/pinned_lists": "users.get_pinned_lists",
    "GET /2/users/{id}/timelines/reverse_chronological": "users.get_timeline",
    "GET /2/users/{id}/tweets": "users.get_posts",
    "POST /2/dm_conversations": "direct_messages.create_conversation",
    "POST /2/dm_conversations/with/{participant_id}/messages": "direct_messages.create_by_participant_id",
    "POST /2/dm_conversations/{dm_conversation_id}/messages": "direct_messages.create_by_conversation_id",
    "POST /2/lists": "lists.create",
    "POST /2/lists/{id}/members": "lists.add_member",
    "POST /2/media/metadata": "media.create_metadata",
    "POST /2/media/subtitles": "media.create_subtitles",
    "POST /2/media/upload/initialize": "media.initialize_upload",
    "POST /2/media/upload/{id}/finalize": "media.finalize_upload",
    "POST /2/tweets": "posts.create",
    "POST /2/users/{id}/bookmarks": "users.create_bookmark",
    "POST /2/users/{id}/bookmarks/folders": "users.create_bookmark_folder",
    "POST /2/users/{id}/dm/block": "users.block_dms",
    "POST /2/users/{id}/dm/unblock": "users.unblock_dms",
    "POST /2/users/{id}/followed_lists": "users.follow_list",
    "POST /2/users/{id}/following": "users.follow_user",
    "POST /2/users/{id}/likes": "users.like_post",
    "POST /2/users/{id}/muting": "users.mute_user",
    "POST /2/users/{id}/pinned_lists": "users.pin_list",
    "POST /2/users/{id}/retweets": "users.repost_post",
    "PUT /2/lists/{id}": "lists.update",
    "PUT /2/tweets/{tweet_id}/hidden": "posts.hide_reply",
}
"""xdk's functions, as they are reached from its client."""

XDK_PAGES = frozenset(
    (
        "direct_messages.get_events direct_messages.get_events_by_conversation_id "
        "direct_messages.get_events_by_participant_id lists.get_followers lists.get_members lists.get_posts "
        "posts.get_counts_all posts.get_counts_recent posts.get_liking_users posts.get_quoted "
        "posts.get_reposted_by posts.get_reposts posts.search_all posts.search_recent spaces.get_buyers "
        "spaces.get_posts users.get_affiliates users.get_blocking users.get_bookmark_folders "
        "users.get_bookmarks users.get_bookmarks_by_folder_id users.get_followed_lists users.get_followers "
        "users.get_following users.get_liked_posts users.get_list_memberships users.get_mentions "
        "users.get_muting users.get_owned_lists users.get_posts users.get_reposts_of_me users.get_timeline "
        "users.search "
    ).split()
)
"""Those of xdk that go on to the next pages by themselves."""

TWEEPY = {
    "DELETE /2/lists/{id}": "delete_list",
    "DELETE /2/lists/{id}/members/{user_id}": "remove_list_member",
    "DELETE /2/tweets/{id}": "delete_tweet",
    "DELETE /2/users/{id}/followed_lists/{list_id}": "unfollow_list",
    "DELETE /2/users/{id}/likes/{tweet_id}": "unlike",
    "DELETE /2/users/{id}/pinned_lists/{list_id}": "unpin_list",
    "DELETE /2/users/{id}/retweets/{source_tweet_id}": "unretweet",
    "DELETE /2/users/{source_user_id}/following/{target_user_id}": "unfollow_user",
    "DELETE /2/users/{source_user_id}/muting/{target_user_id}": "unmute",
    "GET /2/lists/{id}": "get_list",
    "GET /2/lists/{id}/followers": "get_list_followers",
    "GET /2/lists/{id}/members": "get_list_members",
    "GET /2/lists/{id}/tweets": "get_list_tweets",
    "GET /2/tweets": "get_tweets",
    "GET /2/tweets/search/recent": "search_recent_tweets",
    "GET /2/tweets/{id}": "get_tweet",
    "GET /2/tweets/{id}/liking_users": "get_liking_users",
    "GET /2/tweets/{id}/quote_tweets": "get_quote_tweets",
    "GET /2/tweets/{id}/retweeted_by": "get_retweeters",
    "GET /2/users/me": "get_me",
    "GET /2/users/{id}/blocking": "get_blocked",
    "GET /2/users/{id}/followed_lists": "get_followed_lists",
    "GET /2/users/{id}/followers": "get_users_followers",
    "GET /2/users/{id}/following": "get_users_following",
    "GET /2/users/{id}/liked_tweets": "get_liked_tweets",
    "GET /2/users/{id}/list_memberships": "get_list_memberships",
    "GET /2/users/{id}/mentions": "get_users_mentions",
    "GET /2/users/{id}/muting": "get_muted",
    "GET /2/users/{id}/owned_lists": "get_owned_lists",
    "GET /2/users/{id}/pinned_lists": "get_pinned_lists",
    "GET /2/users/{id}/timelines/reverse_chronological": "get_home_timeline",
    "GET /2/users/{id}/tweets": "get_users_tweets",
    "POST /2/lists": "create_list",
    "POST /2/lists/{id}/members": "add_list_member",
    "POST /2/tweets": "create_tweet",
    "POST /2/users/{id}/followed_lists": "follow_list",
    "POST /2/users/{id}/following": "follow_user",
    "POST /2/users/{id}/likes": "like",
    "POST /2/users/{id}/muting": "mute",
    "POST /2/users/{id}/pinned_lists": "pin_list",
    "POST /2/users/{id}/retweets": "retweet",
    "PUT /2/lists/{id}": "update_list",
}
"""The functions of tweepy's client for version 2."""

TWEEPY_KNOWS_WHO = frozenset(
    (
        "follow_list follow_user get_blocked get_home_timeline get_muted get_pinned_lists like mute pin_list "
        "retweet unfollow_list unfollow_user unlike unmute unpin_list unretweet "
    ).split()
)
"""Those of tweepy that take the caller's own id from the token."""
