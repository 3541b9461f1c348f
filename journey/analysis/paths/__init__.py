"""The ways people take: step by step from, to and between touchpoints, and as whole journeys.

`asking` says what is asked and in which words, `cleaning` gives touchpoints their names,
`walking` counts in the serving tables, `steps` makes columns and edges of the counts,
`comparing` sets two groups against each other, `around` looks before and after one touchpoint,
`whole` finds the commonest whole journeys under any cleaning.
"""
