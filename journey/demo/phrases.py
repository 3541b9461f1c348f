"""What customers say, by language, theme and mood; each list is a set of alternatives."""

from __future__ import annotations

THEMES = ("delivery", "price", "product", "checkout", "staff", "support", "returns")
MOODS = ("unhappy", "so-so", "happy")
LANGUAGES = ("en", "de", "es", "fr", "pt")

# PHRASES[language][theme] = (unhappy, so-so, happy)
PHRASES: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "en": {
        "delivery": (
            (
                "The parcel arrived much later than promised.",
                "Delivery took far too long and nobody told me why.",
                "Still waiting days after the date you gave me, the courier never came.",
                "Late again, and the box was left in the rain.",
            ),
            ("Delivery was okay, a bit slower than I hoped.", "Tracking could be clearer."),
            (
                "Arrived a day early, well packed.",
                "Fast delivery and a friendly courier.",
                "Shipping was quick and the tracking was spot on.",
            ),
        ),
        "price": (
            (
                "Too expensive for what it is.",
                "The price went up overnight and the voucher did not work.",
                "Shipping costs made it a bad deal.",
            ),
            ("Fair price, though I have seen it cheaper.", "Average value for money."),
            ("Great value for the price.", "The discount made it a bargain.", "Good price."),
        ),
        "product": (
            (
                "The quality is poor, the seam came apart after two days.",
                "Nothing like the pictures, the colour is off.",
                "The size chart is wrong, it does not fit at all.",
                "Broken on arrival.",
            ),
            ("The product is fine, nothing special.", "Runs a little small, otherwise okay."),
            (
                "Excellent quality, fits perfectly.",
                "Even nicer than in the pictures.",
                "My kids love it, solid and well made.",
            ),
        ),
        "checkout": (
            (
                "The checkout froze on my phone again and again.",
                "Payment failed three times, I gave up.",
                "The pay button does nothing on mobile.",
            ),
            ("Checkout works but asks for too much.", "Too many steps to pay."),
            ("Checkout was quick and easy.", "Paying took ten seconds, wonderful."),
        ),
        "staff": (
            (
                "Nobody in the store had time for me.",
                "The sales assistant was rude.",
                "Long queue at the till and only one person working.",
            ),
            ("Staff were polite but could not answer my question.", "The store was busy."),
            (
                "Very helpful staff, they found my size at once.",
                "Friendly advice in the store, I will come back.",
            ),
        ),
        "support": (
            (
                "I was on hold for forty minutes.",
                "Support sent me from one person to the next and solved nothing.",
                "No reply to my message for a week.",
            ),
            ("Support answered in the end.", "It took two calls, but it was sorted."),
            ("Support solved it in one call.", "Kind and quick help, thank you."),
        ),
        "returns": (
            (
                "I had to pay for the return label myself.",
                "Still no refund three weeks after I sent it back.",
                "The return form is impossible to find.",
            ),
            ("The return worked, the refund took a while.", "Returning it was all right."),
            ("Easy return and the refund came within days.", "Free returns are a big plus."),
        ),
    },
    "de": {
        "delivery": (
            ("Die Lieferung kam viel zu spät.", "Das Paket war tagelang unterwegs."),
            ("Die Lieferung war in Ordnung.",),
            ("Schnelle Lieferung, gut verpackt.",),
        ),
        "price": (
            ("Viel zu teuer für die Leistung.",),
            ("Der Preis ist okay.",),
            ("Tolles Preis-Leistungs-Verhältnis.",),
        ),
        "product": (
            ("Schlechte Qualität, die Naht ist gerissen.", "Die Größe stimmt nicht."),
            ("Das Produkt ist in Ordnung.",),
            ("Sehr gute Qualität, passt perfekt.",),
        ),
        "checkout": (
            ("Die Kasse hängt sich auf dem Handy auf.",),
            ("Zu viele Schritte beim Bezahlen.",),
            ("Bezahlen ging schnell und einfach.",),
        ),
        "staff": (
            ("Im Laden hatte niemand Zeit für mich.",),
            ("Das Personal war höflich.",),
            ("Sehr freundliche Beratung im Laden.",),
        ),
        "support": (
            ("Vierzig Minuten in der Warteschleife.",),
            ("Der Kundendienst hat sich gemeldet.",),
            ("Der Kundendienst half sofort.",),
        ),
        "returns": (
            ("Seit Wochen keine Rückerstattung.",),
            ("Die Rücksendung hat geklappt.",),
            ("Rücksendung war ganz einfach.",),
        ),
    },
    "es": {
        "delivery": (
            ("El paquete llegó muy tarde.", "La entrega tardó demasiado."),
            ("La entrega fue correcta.",),
            ("Entrega rápida y bien embalada.",),
        ),
        "price": (
            ("Demasiado caro para lo que es.",),
            ("El precio es normal.",),
            ("Muy buena relación calidad-precio.",),
        ),
        "product": (
            ("La calidad es mala, se rompió enseguida.",),
            ("El producto está bien, sin más.",),
            ("Excelente calidad, me encanta.",),
        ),
        "checkout": (
            ("El pago falla en el móvil.",),
            ("Demasiados pasos para pagar.",),
            ("Pagar fue rápido y fácil.",),
        ),
        "staff": (
            ("Nadie me atendió en la tienda.",),
            ("El personal fue correcto.",),
            ("El personal fue muy amable.",),
        ),
        "support": (
            ("Atención al cliente no resolvió nada.",),
            ("Al final respondieron.",),
            ("Me ayudaron en una sola llamada.",),
        ),
        "returns": (
            ("Sigo esperando el reembolso.",),
            ("La devolución funcionó.",),
            ("Devolución fácil y rápida.",),
        ),
    },
    "fr": {
        "delivery": (
            ("Le colis est arrivé très en retard.", "La livraison a pris trop de temps."),
            ("Livraison correcte.",),
            ("Livraison rapide et soignée.",),
        ),
        "price": (
            ("Trop cher pour ce que c'est.",),
            ("Prix correct.",),
            ("Excellent rapport qualité-prix.",),
        ),
        "product": (
            ("Mauvaise qualité, la couture a lâché.",),
            ("Le produit est correct, sans plus.",),
            ("Très belle qualité, taille parfaite.",),
        ),
        "checkout": (
            ("Le paiement ne marche pas sur mobile.",),
            ("Trop d'étapes pour payer.",),
            ("Paiement simple et rapide.",),
        ),
        "staff": (
            ("Personne ne m'a aidé en magasin.",),
            ("Le personnel était poli.",),
            ("Vendeurs très aimables.",),
        ),
        "support": (
            ("Le service client n'a rien résolu.",),
            ("Le service client a fini par répondre.",),
            ("Service client efficace, merci.",),
        ),
        "returns": (
            ("Toujours pas remboursé.",),
            ("Le retour a fonctionné.",),
            ("Retour facile et gratuit.",),
        ),
    },
    "pt": {
        "delivery": (
            ("A encomenda chegou muito tarde.",),
            ("A entrega foi razoável.",),
            ("Entrega rápida e bem embalada.",),
        ),
        "price": (
            ("Caro demais para o que é.",),
            ("O preço é normal.",),
            ("Ótima relação qualidade-preço.",),
        ),
        "product": (
            ("A qualidade é fraca.",),
            ("O produto é aceitável.",),
            ("Excelente qualidade, adorei.",),
        ),
        "checkout": (
            ("O pagamento falha no telemóvel.",),
            ("Demasiados passos para pagar.",),
            ("Pagar foi rápido e fácil.",),
        ),
        "staff": (
            ("Ninguém me atendeu na loja.",),
            ("Os funcionários foram educados.",),
            ("Funcionários muito simpáticos.",),
        ),
        "support": (
            ("O apoio ao cliente não resolveu nada.",),
            ("O apoio acabou por responder.",),
            ("Resolveram tudo numa chamada.",),
        ),
        "returns": (
            ("Ainda espero pelo reembolso.",),
            ("A devolução funcionou.",),
            ("Devolução fácil e rápida.",),
        ),
    },
}

# A second sentence, in English only, by mood.
CLOSINGS = (
    ("", "Not coming back.", "Very disappointed.", "Please fix this.", "Never again!"),
    ("", "Could be better.", "It is what it is.", "We will see."),
    ("", "Will buy again.", "Thank you!", "Highly recommended. 😊", "Keep it up 👍"),
)

# Things people write although nobody asked: to be masked before anyone reads them.
PERSONAL = (
    "Please call me on +49 170 555{n:04d}.",
    "You can reach me at sam.miller{n}@example.com.",
    "It is about order O-{n:07d}.",
    "My card 4111 1111 1111 {n:04d} was charged twice.",
)

# Text that must come out as text wherever it is shown or exported.
HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","click")',
    "![x](http://evil/x.png)",
    "<img src=x onerror=alert(1)>",
    "+1-1|'cmd'!A1",
    "'; drop table touches; --",
    "{{7*7}} ${7*7} $\\frac{1}{0}$ :red[boo]",
    '💥🔥 \u202eesrever\u202c ok\nsecond line, with a comma; and "quotes"',
    "Too long, did not fit in a tweet. " * 90,
)
