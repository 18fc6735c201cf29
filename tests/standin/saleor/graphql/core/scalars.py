import decimal

import graphene


class Date(graphene.Date):
    pass


class DateTime(graphene.DateTime):
    pass


class Decimal(graphene.Float):
    @staticmethod
    def parse_literal(node):
        try:
            return decimal.Decimal(node.value)
        except (decimal.DecimalException, AttributeError):
            return None

    @staticmethod
    def parse_value(value):
        try:
            return decimal.Decimal(str(value))
        except decimal.DecimalException:
            return None


class PositiveDecimal(Decimal):
    @staticmethod
    def parse_value(value):
        value = Decimal.parse_value(value)
        return value if value is not None and value >= 0 else None
