import graphene


class BaseObjectType(graphene.ObjectType):
    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(cls, doc_category=None, **options):
        cls.doc_category = doc_category
        super().__init_subclass_with_meta__(**options)


class ModelObjectTypeOptions(graphene.types.objecttype.ObjectTypeOptions):
    model = None


class ModelObjectType(BaseObjectType):
    class Meta:
        abstract = True

    def __class_getitem__(cls, item):
        return cls

    @classmethod
    def __init_subclass_with_meta__(cls, model=None, _meta=None, **options):
        if not _meta:
            _meta = ModelObjectTypeOptions(cls)
        _meta.model = model
        super().__init_subclass_with_meta__(_meta=_meta, **options)

    @classmethod
    def get_model(cls):
        return cls._meta.model

    @classmethod
    def get_node(cls, _, id):
        return cls._meta.model.objects.filter(pk=id).first()

    @classmethod
    def is_type_of(cls, root, info):
        return True

    @staticmethod
    def resolve_id(root, info):
        return root.pk


class BaseInputObjectType(graphene.InputObjectType):
    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(cls, doc_category=None, **options):
        cls.doc_category = doc_category
        super().__init_subclass_with_meta__(**options)


class BaseEnum(graphene.Enum):
    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(cls, doc_category=None, **options):
        cls.doc_category = doc_category
        super().__init_subclass_with_meta__(**options)


class NonNullList(graphene.List):
    def __init__(self, of_type, *args, **kwargs):
        super().__init__(graphene.NonNull(of_type), *args, **kwargs)


class Error(BaseObjectType):
    field = graphene.String(description="The field that caused the error, or null.")
    message = graphene.String(description="The error message.")

    class Meta:
        description = "An error."


class Upload(graphene.Scalar):
    @staticmethod
    def parse_value(value):
        return value

    @staticmethod
    def parse_literal(node):
        raise ValueError("Upload takes a variable.")

    @staticmethod
    def serialize(value):
        return str(value)


class Money(graphene.ObjectType):
    currency = graphene.String(required=True)
    amount = graphene.Float(required=True)


__all__ = [
    "BaseEnum",
    "BaseInputObjectType",
    "BaseObjectType",
    "Error",
    "ModelObjectType",
    "Money",
    "NonNullList",
    "Upload",
]
