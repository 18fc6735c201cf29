"""The mutations of the API: arguments and permission here, the work in the services."""

from __future__ import annotations

from saleor_cdkeys.graphql.mutations.channel_settings_update import CdKeyChannelSettingsUpdate
from saleor_cdkeys.graphql.mutations.exchange_rates_import import CdKeyExchangeRatesImport
from saleor_cdkeys.graphql.mutations.exchange_rates_set import CdKeyExchangeRatesSet
from saleor_cdkeys.graphql.mutations.import_keys import CdKeyImport
from saleor_cdkeys.graphql.mutations.import_undo import CdKeyImportUndo
from saleor_cdkeys.graphql.mutations.key_product_create import CdKeyProductCreate
from saleor_cdkeys.graphql.mutations.key_product_delete import CdKeyProductDelete
from saleor_cdkeys.graphql.mutations.key_product_update import CdKeyProductUpdate
from saleor_cdkeys.graphql.mutations.mapping_accept import CdKeySupplierMappingAccept
from saleor_cdkeys.graphql.mutations.mapping_create import CdKeySupplierMappingCreate
from saleor_cdkeys.graphql.mutations.mapping_delete import CdKeySupplierMappingDelete
from saleor_cdkeys.graphql.mutations.mapping_import import CdKeySupplierMappingImport
from saleor_cdkeys.graphql.mutations.mapping_reorder import CdKeySupplierMappingReorder
from saleor_cdkeys.graphql.mutations.mapping_update import CdKeySupplierMappingUpdate
from saleor_cdkeys.graphql.mutations.order_enter_keys import CdKeyOrderEnterKeys
from saleor_cdkeys.graphql.mutations.order_fulfill import CdKeyOrderFulfill
from saleor_cdkeys.graphql.mutations.order_hold import CdKeyOrderHold
from saleor_cdkeys.graphql.mutations.order_mark_delivered import CdKeyOrderMarkDelivered
from saleor_cdkeys.graphql.mutations.order_resend import CdKeyOrderResend
from saleor_cdkeys.graphql.mutations.purchase_decide import CdKeyPurchaseDecide
from saleor_cdkeys.graphql.mutations.purchase_reveal import CdKeyPurchaseReveal
from saleor_cdkeys.graphql.mutations.reveal import CdKeyReveal
from saleor_cdkeys.graphql.mutations.supplier_create import CdKeySupplierCreate
from saleor_cdkeys.graphql.mutations.supplier_delete import CdKeySupplierDelete
from saleor_cdkeys.graphql.mutations.supplier_resume import CdKeySupplierResume
from saleor_cdkeys.graphql.mutations.supplier_test import CdKeySupplierTest
from saleor_cdkeys.graphql.mutations.supplier_update import CdKeySupplierUpdate


class Mutations:
    cd_key_product_create = CdKeyProductCreate.Field()
    cd_key_product_update = CdKeyProductUpdate.Field()
    cd_key_product_delete = CdKeyProductDelete.Field()
    cd_key_supplier_create = CdKeySupplierCreate.Field()
    cd_key_supplier_update = CdKeySupplierUpdate.Field()
    cd_key_supplier_delete = CdKeySupplierDelete.Field()
    cd_key_supplier_test = CdKeySupplierTest.Field()
    cd_key_supplier_resume = CdKeySupplierResume.Field()
    cd_key_supplier_mapping_create = CdKeySupplierMappingCreate.Field()
    cd_key_supplier_mapping_update = CdKeySupplierMappingUpdate.Field()
    cd_key_supplier_mapping_accept = CdKeySupplierMappingAccept.Field()
    cd_key_supplier_mapping_import = CdKeySupplierMappingImport.Field()
    cd_key_supplier_mapping_delete = CdKeySupplierMappingDelete.Field()
    cd_key_supplier_mapping_reorder = CdKeySupplierMappingReorder.Field()
    cd_key_exchange_rates_set = CdKeyExchangeRatesSet.Field()
    cd_key_exchange_rates_import = CdKeyExchangeRatesImport.Field()
    cd_key_import = CdKeyImport.Field()
    cd_key_import_undo = CdKeyImportUndo.Field()
    cd_key_order_fulfill = CdKeyOrderFulfill.Field()
    cd_key_order_hold = CdKeyOrderHold.Field()
    cd_key_order_enter_keys = CdKeyOrderEnterKeys.Field()
    cd_key_order_resend = CdKeyOrderResend.Field()
    cd_key_order_mark_delivered = CdKeyOrderMarkDelivered.Field()
    cd_key_purchase_decide = CdKeyPurchaseDecide.Field()
    cd_key_purchase_reveal = CdKeyPurchaseReveal.Field()
    cd_key_reveal = CdKeyReveal.Field()
    cd_key_channel_settings_update = CdKeyChannelSettingsUpdate.Field()
