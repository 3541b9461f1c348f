"""What a customer is worth: who is still a customer, how often they buy, and for how much.

BG/NBD says how often and how long (Fader, Hardie and Lee 2005, "Counting your customers the easy
way", Marketing Science 24), Gamma-Gamma for how much (Fader and Hardie 2013, "The Gamma-Gamma model
of monetary value"). Both are fitted by maximum likelihood and held against weeks they did not see
before anything is predicted from them.
"""
