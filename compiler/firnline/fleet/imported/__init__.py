"""Rules that somebody else wrote → a policy as a person would have written it, proved to mean the
same.

`imported(rules, bucket)` in `imported.py` gives an `ImportedPolicy` (`model.py`): data that can be
compared, without names, so that buckets that mean the same are found. `policy_text` in `text.py`
writes it as YAML, `settings_of` in `settings.py` says the same as keys and values of a policy, for
`per_bucket`. What the language cannot say stays a rule: `kept`, each with the reason.
"""
