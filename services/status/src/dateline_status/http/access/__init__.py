"""The way to every change: the token, sessions in a cookie, and protection from forged requests."""
