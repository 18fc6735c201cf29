"""Stock and prices of key products in the shop, following what can be had and what it costs.

``rule`` is how a price follows from a cost, ``facts`` what is known of a product, ``costs`` who
would sell the next key, ``pricing`` and ``quantities`` what the shop ought to show, ``sync`` the
only writer.
"""
