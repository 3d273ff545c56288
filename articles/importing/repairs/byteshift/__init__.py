"""GBK bytes cut out of step: 打實服務 became 打?qū)嵎⻊?wù).

`step` is the repair. It looks for places that seem out of step (`suspects`) and searches for what
their bytes were (`realignment`, over `halves` of characters); `gbk` does the damage again, to see
whether a reading gives what stands on the page.
"""
