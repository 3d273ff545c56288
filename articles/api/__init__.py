"""The library for programs, below /api/v1/: what readers see, and drafts for who has a token.

Plain views, and a document (`openapi`) made of the same tables that requests are held against
(`parameters`, `writable`): they cannot say two things.
"""
