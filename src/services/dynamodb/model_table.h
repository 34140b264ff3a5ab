// The parts of table descriptions that CreateTable, UpdateTable and TagResource share.
#pragma once

#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {

// Attributes and keys. A KeySchema has up to eight elements since global indexes may have multi-attribute keys; that a
// table has two is the validator's business.
inline constexpr Shape kKeyAttributeName = String("KeySchemaAttributeName", 1, 255);
inline constexpr std::string_view kScalarTypes[] = {"B", "N", "S"};
inline constexpr Shape kScalarType = Enum("ScalarAttributeType", kScalarTypes);
inline constexpr ShapeMember kAttributeDefinitionMembers[] = {{"AttributeName", &kKeyAttributeName, true},
                                                              {"AttributeType", &kScalarType, true}};
inline constexpr Shape kAttributeDefinition = Structure("AttributeDefinition", kAttributeDefinitionMembers);
inline constexpr Shape kAttributeDefinitions = List("AttributeDefinitions", &kAttributeDefinition);
inline constexpr std::string_view kKeyTypes[] = {"HASH", "RANGE"};
inline constexpr Shape kKeyType = Enum("KeyType", kKeyTypes);
inline constexpr ShapeMember kKeySchemaElementMembers[] = {{"AttributeName", &kKeyAttributeName, true},
                                                           {"KeyType", &kKeyType, true}};
inline constexpr Shape kKeySchemaElement = Structure("KeySchemaElement", kKeySchemaElementMembers);
inline constexpr Shape kKeySchema = List("KeySchema", &kKeySchemaElement, 1);

// Projections.
inline constexpr std::string_view kProjectionTypes[] = {"ALL", "INCLUDE", "KEYS_ONLY"};
inline constexpr Shape kProjectionType = Enum("ProjectionType", kProjectionTypes);
inline constexpr Shape kNonKeyAttributeName = String("NonKeyAttributeName", 1, 255);
inline constexpr Shape kNonKeyAttributes = List("NonKeyAttributeNameList", &kNonKeyAttributeName, 1, 20);
inline constexpr ShapeMember kProjectionMembers[] = {{"ProjectionType", &kProjectionType},
                                                     {"NonKeyAttributes", &kNonKeyAttributes}};
inline constexpr Shape kProjection = Structure("Projection", kProjectionMembers);

// Billing and throughput.
inline constexpr std::string_view kBillingModes[] = {"PROVISIONED", "PAY_PER_REQUEST"};
inline constexpr Shape kBillingMode = Enum("BillingMode", kBillingModes);
inline constexpr ShapeMember kProvisionedThroughputMembers[] = {{"ReadCapacityUnits", &kPositiveLong, true},
                                                                {"WriteCapacityUnits", &kPositiveLong, true}};
inline constexpr Shape kProvisionedThroughput = Structure("ProvisionedThroughput", kProvisionedThroughputMembers);
inline constexpr ShapeMember kOnDemandThroughputMembers[] = {{"MaxReadRequestUnits", &kLongObject},
                                                             {"MaxWriteRequestUnits", &kLongObject}};
inline constexpr Shape kOnDemandThroughput = Structure("OnDemandThroughput", kOnDemandThroughputMembers);
inline constexpr ShapeMember kWarmThroughputMembers[] = {{"ReadUnitsPerSecond", &kLongObject},
                                                         {"WriteUnitsPerSecond", &kLongObject}};
inline constexpr Shape kWarmThroughput = Structure("WarmThroughput", kWarmThroughputMembers);

// Indexes. A global one of CreateTable has the members of one created later.
inline constexpr ShapeMember kLocalIndexMembers[] = {
    {"IndexName", &kIndexName, true}, {"KeySchema", &kKeySchema, true}, {"Projection", &kProjection, true}};
inline constexpr Shape kLocalIndex = Structure("LocalSecondaryIndex", kLocalIndexMembers);
inline constexpr Shape kLocalIndexes = List("LocalSecondaryIndexList", &kLocalIndex);
inline constexpr ShapeMember kGlobalIndexMembers[] = {{"IndexName", &kIndexName, true},
                                                      {"KeySchema", &kKeySchema, true},
                                                      {"Projection", &kProjection, true},
                                                      {"ProvisionedThroughput", &kProvisionedThroughput},
                                                      {"OnDemandThroughput", &kOnDemandThroughput},
                                                      {"WarmThroughput", &kWarmThroughput}};
inline constexpr Shape kGlobalIndex = Structure("GlobalSecondaryIndex", kGlobalIndexMembers);
inline constexpr Shape kGlobalIndexes = List("GlobalSecondaryIndexList", &kGlobalIndex);

// Vector indexes.
inline constexpr ShapeMember kVectorAttributeMembers[] = {{"AttributeName", &kKeyAttributeName, true}};
inline constexpr Shape kVectorAttribute = Structure("VectorAttributeDefinition", kVectorAttributeMembers);
inline constexpr std::string_view kSearchSchemaTypes[] = {"HASH", "INLINE_FILTER"};
inline constexpr Shape kSearchSchemaType = Enum("SearchSchemaElementType", kSearchSchemaTypes);
inline constexpr ShapeMember kSearchSchemaElementMembers[] = {{"AttributeName", &kKeyAttributeName, true},
                                                              {"SearchSchemaElementType", &kSearchSchemaType, true}};
inline constexpr Shape kSearchSchemaElement = Structure("SearchSchemaElement", kSearchSchemaElementMembers);
inline constexpr Shape kSearchSchema = List("SearchSchema", &kSearchSchemaElement);
inline constexpr std::string_view kDistanceFunctions[] = {"COSINE", "DOT_PRODUCT", "EUCLIDEAN"};
inline constexpr Shape kDistanceFunction = Enum("VectorDistanceFunction", kDistanceFunctions);
inline constexpr Shape kDimensions = Integer("VectorDimensions", 1);
inline constexpr ShapeMember kVectorIndexMembers[] = {
    {"IndexName", &kIndexName, true},   {"VectorAttribute", &kVectorAttribute, true},
    {"SearchSchema", &kSearchSchema},   {"Projection", &kProjection, true},
    {"Dimensions", &kDimensions, true}, {"DistanceFunction", &kDistanceFunction, true}};
inline constexpr Shape kVectorIndex = Structure("VectorIndex", kVectorIndexMembers);
inline constexpr Shape kVectorIndexes = List("VectorIndexList", &kVectorIndex);

// Streams, encryption, class, tags, global tables.
inline constexpr std::string_view kStreamViewTypes[] = {"NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"};
inline constexpr Shape kStreamViewType = Enum("StreamViewType", kStreamViewTypes);
inline constexpr ShapeMember kStreamSpecificationMembers[] = {{"StreamEnabled", &kFlag, true},
                                                              {"StreamViewType", &kStreamViewType}};
inline constexpr Shape kStreamSpecification = Structure("StreamSpecification", kStreamSpecificationMembers);
inline constexpr std::string_view kSseTypes[] = {"AES256", "KMS"};
inline constexpr Shape kSseType = Enum("SSEType", kSseTypes);
inline constexpr ShapeMember kSseSpecificationMembers[] = {
    {"Enabled", &kFlag}, {"SSEType", &kSseType}, {"KMSMasterKeyId", &kText}};
inline constexpr Shape kSseSpecification = Structure("SSESpecification", kSseSpecificationMembers);
inline constexpr std::string_view kTableClasses[] = {"STANDARD", "STANDARD_INFREQUENT_ACCESS"};
inline constexpr Shape kTableClass = Enum("TableClass", kTableClasses);
// Tag lengths have texts of their own: catalog/validate_tags.h.
inline constexpr ShapeMember kTagMembersOf[] = {{"Key", &kText, true}, {"Value", &kText, true}};
inline constexpr Shape kTag = Structure("Tag", kTagMembersOf);
inline constexpr Shape kTagList = List("TagList", &kTag);
inline constexpr std::string_view kSettingsReplicationModes[] = {"ENABLED", "DISABLED", "ENABLED_WITH_OVERRIDES"};
inline constexpr Shape kSettingsReplicationMode = Enum("GlobalTableSettingsReplicationMode", kSettingsReplicationModes);

}  // namespace stator::services::dynamodb::model
