"""GBK bytes cut out of step: 打實服務 became 打?qū)嵎⻊?wù).

`step` is the repair. It looks for places that seem out of step (`suspects`) and searches for what
their bytes were (`realignment`: a `beam` of readings, made of the `likeliest` characters by the
`halves` that stand there); `gbk` does the damage again, to see whether a reading gives what stands
on the page.
"""
