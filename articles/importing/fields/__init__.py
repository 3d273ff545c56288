"""What a page says of its essay: title, authors, date, source, keywords, genre, tags.

`metadata` is where they are read. A page's head and tail become `lines`, cut into `pieces` (labels,
dates, buttons, rest); `people` tells how sure names are names, `values` whether what stands behind
a label is one, `candidates` which line may be the title. `heading`, `authorship`, `labelled`,
`official` and `tail` choose; `weights` holds all numbers, `evidence` the reasons for people.
"""
