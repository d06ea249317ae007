"""Timelines: home, mentions, and one's own posts that were reposted.

Owns no table: a timeline is read out of what is posted and who follows whom (decision 0041 says why nothing is written ahead).
"""
