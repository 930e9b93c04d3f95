"""The patient's record: the only room that changes state, one Django app.

Read through `queries`, write through `actions`; both take ``by=``, ask `permissions`, reach patients through `scope`
alone and leave an audit row. Clinical facts are appended, never edited (docs/decisions/0010-facts-are-appended.md).
"""
