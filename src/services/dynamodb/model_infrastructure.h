// What the models of backups, exports, imports, global tables and their like share.
#pragma once

#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {

inline constexpr Shape kDate{.kind = Shape::Kind::kTimestamp, .model_name = "Date"};
inline constexpr Shape kNumber{.kind = Shape::Kind::kDouble, .model_name = "DoubleObject"};
inline constexpr Shape kLongArn = String("ResourceArn", 37, 1024);  // of a backup, an export, a stream

// Where files of S3 lie. `^[a-z0-9A-Z]+[\.\-\w]*[a-z0-9A-Z]+$`
bool IsBucketName(std::string_view text);
bool IsAccountId(std::string_view text);
// Tokens of clients: no dollar sign.
bool IsClientToken(std::string_view text);
inline constexpr Shape kBucket =
    dispatch::make::Matching("S3Bucket", -1, 255, "^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$", IsBucketName);
inline constexpr Shape kBucketOwner = dispatch::make::Matching("S3BucketOwner", -1, -1, "[0-9]{12}", IsAccountId);
inline constexpr Shape kPrefix = String("S3Prefix", -1, 1024);
inline constexpr std::string_view kS3SseAlgorithms[] = {"AES256", "KMS"};
inline constexpr Shape kS3SseAlgorithm = dispatch::make::Enum("S3SseAlgorithm", kS3SseAlgorithms);
inline constexpr Shape kS3SseKmsKeyId = String("S3SseKmsKeyId", 1, 2048);
inline constexpr Shape kClientToken = dispatch::make::Matching("ClientToken", -1, -1, "^[^\\$]+$", IsClientToken);
inline constexpr std::string_view kCompressionTypes[] = {"GZIP", "ZSTD", "NONE"};
inline constexpr Shape kCompressionType = dispatch::make::Enum("InputCompressionType", kCompressionTypes);
inline constexpr Shape kListPage = Integer("MaxResults", 1, 25);

}  // namespace stator::services::dynamodb::model
