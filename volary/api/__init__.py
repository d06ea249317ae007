"""The conventions of the JSON API: how an operation is declared, checked, answered and limited, in X's wire format.

No resource lives here. A room declares what it serves:

    @operation("GET", "/2/users/{id}", need=READ_USERS, limits=Limits(app=300, user=900), returns="user")
    async def user_by_id(call: Call[NoQuery, None]) -> Reply:
        return await call.one("user", await account_by_id(call.db, call.id_in_path("id")))

and `serve` runs, in this order and visibly: find the operation, read the body, identify the caller, need, limits, query, body,
handler, encode. Each step can only let pass or refuse; refusals become X's bodies in `problems` and nowhere else. Doors that speak
another format (the OAuth endpoints) are declared with `@machine` and answer bytes.
"""
