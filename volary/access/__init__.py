"""Who is calling and what they may do: pure values, no input or output.

`scopes` names every permission once; `levels` holds OAuth 1.0a's three; `caller` says who calls; `needs` compares the two. OAuth
1.0a levels become scopes when a caller is identified; from there on protocols are forgotten (design: permissions).
"""
