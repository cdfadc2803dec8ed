"""The fixture \"shop\" as final entities: relations in, uid given, one generated Location (spec 5.0)."""

from uuid import NAMESPACE_URL, uuid5

Entity = dict[str, object]

DEFINITION = "openapi: 3.1.0 # " + "x" * 220
_API = "backstage.io/v1alpha1"


def _entity(
    kind: str,
    metadata: dict[str, object],
    spec: dict[str, object],
    relations: dict[str, list[str]],
    namespace: str = "default",
) -> Entity:
    ref = f"{kind}:{namespace}/{metadata['name']}".lower()
    return {
        "apiVersion": _API,
        "kind": kind,
        "metadata": {"namespace": namespace, "uid": str(uuid5(NAMESPACE_URL, ref)), "etag": "e7a9", **metadata},
        "spec": spec,
        "relations": [{"type": name, "targetRef": ref} for name, refs in relations.items() for ref in refs],
    }


TEAM = "group:default/team-cart"
SHOP: list[Entity] = [
    _entity(
        "Domain",
        {"name": "commerce"},
        {"owner": "division"},
        {"hasPart": ["system:default/storefront"], "ownedBy": ["group:default/division"]},
    ),
    _entity(
        "System",
        {"name": "storefront"},
        {"owner": "team-cart", "domain": "commerce"},
        {
            "hasPart": ["api:default/checkout-api", "component:default/checkout"],
            "ownedBy": [TEAM],
            "partOf": ["domain:default/commerce"],
        },
    ),
    _entity(
        "Component",
        {
            "name": "checkout",
            "title": "Checkout Service",
            "description": "Takes the money",
            "tags": ["python", "grpc"],
            "labels": {"tier": "gold"},
            "annotations": {"acme.test/pager": "P-17"},
            "links": [{"url": "https://runbook.example.test/checkout", "title": "Runbook", "type": "runbook"}],
        },
        {
            "type": "service",
            "lifecycle": "production",
            "owner": "team-cart",
            "system": "storefront",
            "providesApis": ["checkout-api"],
            "dependsOn": ["component:pricing", "resource:cart-db"],
            "sla": {"uptime": 99.95, "critical": True, "notes": None},
            "ports": [8080, 9090],
        },
        {
            "dependsOn": ["component:default/pricing", "resource:default/cart-db"],
            "hasPart": ["component:default/pricing"],
            "ownedBy": [TEAM],
            "partOf": ["system:default/storefront"],
            "providesApi": ["api:default/checkout-api"],
        },
    ),
    _entity(
        "Component",
        {"name": "pricing", "tags": ["rust", "python"]},
        {"type": "library", "lifecycle": "experimental", "owner": "user:mira", "subcomponentOf": "checkout"},
        {
            "dependencyOf": ["component:default/checkout"],
            "ownedBy": ["user:default/mira"],
            "partOf": ["component:default/checkout"],
        },
    ),
    _entity(
        "Component",
        {"name": "Gateway", "tags": ["go"]},
        {"type": "service", "lifecycle": "Production", "owner": TEAM},
        {"ownedBy": [TEAM]},
        namespace="edge",
    ),
    _entity(
        "API",
        {"name": "checkout-api"},
        {
            "type": "openapi",
            "lifecycle": "production",
            "owner": "team-cart",
            "system": "storefront",
            "definition": DEFINITION,
        },
        {
            "apiProvidedBy": ["component:default/checkout"],
            "ownedBy": [TEAM],
            "partOf": ["system:default/storefront"],
        },
    ),
    _entity(
        "Resource",
        {"name": "cart-db"},
        {"type": "database", "owner": "team-cart"},
        {"dependencyOf": ["component:default/checkout"], "ownedBy": [TEAM]},
    ),
    _entity(
        "Group",
        {"name": "division"},
        {"type": "division", "children": ["team-cart"]},
        {"ownerOf": ["domain:default/commerce"], "parentOf": [TEAM]},
    ),
    _entity(
        "Group",
        {"name": "team-cart"},
        {"type": "team", "parent": "division", "children": [], "members": ["mira"]},
        {
            "childOf": ["group:default/division"],
            "hasMember": ["user:default/mira"],
            "ownerOf": [
                "api:default/checkout-api",
                "component:default/checkout",
                "component:edge/gateway",
                "resource:default/cart-db",
                "system:default/storefront",
            ],
        },
    ),
    _entity(
        "User",
        {"name": "mira"},
        {"memberOf": ["team-cart"], "profile": {"displayName": "Mira Okafor", "email": "mira@example.test"}},
        {"memberOf": [TEAM], "ownerOf": ["component:default/pricing"]},
    ),
    _entity(
        "Location",
        {"name": "generated-1b2c3d"},
        {"type": "url", "target": "https://git.example.test/acme/shop/blob/main/catalog-info.yaml"},
        {},
    ),
]
