// Tables to and from S3: exports, imports, bulk puts.
#include <algorithm>

#include "services/dynamodb/model.h"
#include "services/dynamodb/model_infrastructure.h"
#include "services/dynamodb/model_table.h"

namespace stator::services::dynamodb::model {
namespace {

bool IsAlphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// `([0-9a-f]{16})+`
bool IsImportToken(std::string_view text) {
  const auto hex = [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); };
  return !text.empty() && text.size() % 16 == 0 && std::all_of(text.begin(), text.end(), hex);
}
// `[,;:|\t ]`
bool IsDelimiter(std::string_view text) {
  return text.size() == 1 && std::string_view(",;:|\t ").find(text[0]) != std::string_view::npos;
}
// `[\x20-\x21\x23-\x2B\x2D-\x7E]*`: printable, no quote, no comma.
bool IsHeader(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != ','; });
}

// Exports.
constexpr std::string_view kExportFormats[] = {"DYNAMODB_JSON", "ION"};
constexpr Shape kExportFormat = Enum("ExportFormat", kExportFormats);
constexpr std::string_view kExportTypes[] = {"FULL_EXPORT", "INCREMENTAL_EXPORT"};
constexpr Shape kExportType = Enum("ExportType", kExportTypes);
constexpr std::string_view kExportViews[] = {"NEW_IMAGE", "NEW_AND_OLD_IMAGES"};
constexpr Shape kExportView = Enum("ExportViewType", kExportViews);
constexpr ShapeMember kIncrementalMembers[] = {
    {"ExportFromTime", &kDate}, {"ExportToTime", &kDate}, {"ExportViewType", &kExportView}};
constexpr Shape kIncremental = Structure("IncrementalExportSpecification", kIncrementalMembers);
constexpr ShapeMember kFilterMembers[] = {{"FilterExpression", &kText},
                                          {"ProjectionExpression", &kText},
                                          {"KeyConditionExpression", &kText},
                                          {"ExpressionAttributeNames", &kExpressionNames},
                                          {"ExpressionAttributeValues", &kExpressionValues}};
constexpr Shape kFilter = Structure("FilterSpecification", kFilterMembers);
constexpr ShapeMember kExportMembers[] = {{"TableArn", &kTableArn, true},
                                          {"ExportTime", &kDate},
                                          {"ClientToken", &kClientToken},
                                          {"S3Bucket", &kBucket, true},
                                          {"S3BucketOwner", &kBucketOwner},
                                          {"S3Prefix", &kPrefix},
                                          {"S3SseAlgorithm", &kS3SseAlgorithm},
                                          {"S3SseKmsKeyId", &kS3SseKmsKeyId},
                                          {"ExportFormat", &kExportFormat},
                                          {"ExportType", &kExportType},
                                          {"IncrementalExportSpecification", &kIncremental},
                                          {"FilterSpecification", &kFilter}};
constexpr ShapeMember kDescribeExportMembers[] = {{"ExportArn", &kLongArn, true}};
constexpr ShapeMember kListExportsMembers[] = {
    {"TableArn", &kTableArn}, {"MaxResults", &kListPage}, {"NextToken", &kText}};

// Imports.
constexpr ShapeMember kSourceMembers[] = {
    {"S3BucketOwner", &kBucketOwner}, {"S3Bucket", &kBucket, true}, {"S3KeyPrefix", &kPrefix}};
constexpr Shape kSource = Structure("S3BucketSource", kSourceMembers);
constexpr std::string_view kInputFormats[] = {"DYNAMODB_JSON", "ION", "CSV"};
constexpr Shape kInputFormat = Enum("InputFormat", kInputFormats);
constexpr Shape kDelimiter = dispatch::make::Matching("CsvDelimiter", 1, 1, "[,;:|\\t ]", IsDelimiter);
constexpr Shape kHeader =
    dispatch::make::Matching("CsvHeader", 1, 65536, "[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*", IsHeader);
constexpr Shape kHeaders = List("CsvHeaderList", &kHeader, 1, 255);
constexpr ShapeMember kCsvMembers[] = {{"Delimiter", &kDelimiter}, {"HeaderList", &kHeaders}};
constexpr Shape kCsv = Structure("CsvOptions", kCsvMembers);
constexpr ShapeMember kFormatOptionMembers[] = {{"Csv", &kCsv}};
constexpr Shape kFormatOptions = Structure("InputFormatOptions", kFormatOptionMembers);
constexpr ShapeMember kNewTableMembers[] = {{"TableName", &kTableName, true},
                                            {"AttributeDefinitions", &kAttributeDefinitions, true},
                                            {"KeySchema", &kKeySchema, true},
                                            {"BillingMode", &kBillingMode},
                                            {"ProvisionedThroughput", &kProvisionedThroughput},
                                            {"OnDemandThroughput", &kOnDemandThroughput},
                                            {"SSESpecification", &kSseSpecification},
                                            {"GlobalSecondaryIndexes", &kGlobalIndexes},
                                            {"VectorIndexes", &kVectorIndexes}};
constexpr Shape kNewTable = Structure("TableCreationParameters", kNewTableMembers);
constexpr ShapeMember kImportMembers[] = {{"ClientToken", &kClientToken},
                                          {"S3BucketSource", &kSource, true},
                                          {"InputFormat", &kInputFormat, true},
                                          {"InputFormatOptions", &kFormatOptions},
                                          {"InputCompressionType", &kCompressionType},
                                          {"TableCreationParameters", &kNewTable, true}};
constexpr ShapeMember kDescribeImportMembers[] = {{"ImportArn", &kLongArn, true}};
constexpr Shape kImportToken = dispatch::make::Matching("ImportNextToken", 112, 1024, "([0-9a-f]{16})+", IsImportToken);
constexpr ShapeMember kListImportsMembers[] = {
    {"TableArn", &kTableArn}, {"PageSize", &kListPage}, {"NextToken", &kImportToken}};

// Bulk puts.
constexpr Shape kBulkFormat = Enum("BulkOperationInputFormat", kExportFormats);
constexpr ShapeMember kBulkInputMembers[] = {{"S3BucketOwner", &kBucketOwner},
                                             {"S3Bucket", &kBucket, true},
                                             {"S3KeyPrefix", &kPrefix},
                                             {"InputFormat", &kBulkFormat, true},
                                             {"InputCompressionType", &kCompressionType}};
constexpr Shape kBulkInput = Structure("InputS3Configuration", kBulkInputMembers);
constexpr std::string_view kOutputTypeValues[] = {"ERROR", "CONDITION_CHECK_FAILURE"};
constexpr Shape kOutputType = Enum("OutputType", kOutputTypeValues);
constexpr Shape kOutputTypes = List("OutputTypeList", &kOutputType);
constexpr ShapeMember kBulkOutputMembers[] = {{"S3BucketOwner", &kBucketOwner},   {"S3Bucket", &kBucket},
                                              {"S3KeyPrefix", &kPrefix},          {"S3SseAlgorithm", &kS3SseAlgorithm},
                                              {"S3SseKmsKeyId", &kS3SseKmsKeyId}, {"OutputType", &kOutputTypes, true}};
constexpr Shape kBulkOutput = Structure("OutputS3Configuration", kBulkOutputMembers);
constexpr Shape kMaxWriteUnits = Long("MaxWriteRequestUnits", 1024);
constexpr std::string_view kTiers[] = {"STANDARD", "ACCELERATED"};
constexpr Shape kTier = Enum("BulkOperationPerformanceTier", kTiers);
constexpr ShapeMember kStartBulkMembers[] = {{"ClientToken", &kClientToken},
                                             {"InputS3Configuration", &kBulkInput, true},
                                             {"OutputS3Configuration", &kBulkOutput, true},
                                             {"TableName", &kControlTableName},
                                             {"MaxWriteRequestUnits", &kMaxWriteUnits},
                                             {"PerformanceTier", &kTier}};
constexpr ShapeMember kBulkArnMembers[] = {{"BulkOperationArn", &kLongArn, true}};
constexpr Shape kBulkPage = Integer("ListBulkOperationsMaxLimit", 1, 25);
constexpr ShapeMember kListBulkMembers[] = {{"MaxResults", &kBulkPage}, {"NextToken", &kText}};

}  // namespace

bool IsBucketName(std::string_view text) {
  if (text.size() < 2 || !IsAlphanumeric(text.front()) || !IsAlphanumeric(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '.' || c == '-' || c == '_'; });
}
bool IsAccountId(std::string_view text) { return text.size() == 12 && std::all_of(text.begin(), text.end(), IsDigit); }
bool IsClientToken(std::string_view text) { return !text.empty() && text.find('$') == std::string_view::npos; }

constinit const Shape kExportTableToPointInTimeInput = Structure("ExportTableToPointInTimeInput", kExportMembers);
constinit const Shape kDescribeExportInput = Structure("DescribeExportInput", kDescribeExportMembers);
constinit const Shape kListExportsInput = Structure("ListExportsInput", kListExportsMembers);
constinit const Shape kImportTableInput = Structure("ImportTableInput", kImportMembers);
constinit const Shape kDescribeImportInput = Structure("DescribeImportInput", kDescribeImportMembers);
constinit const Shape kListImportsInput = Structure("ListImportsInput", kListImportsMembers);
constinit const Shape kStartBulkPutItemsInput = Structure("StartBulkPutItemsInput", kStartBulkMembers);
constinit const Shape kDescribeBulkOperationInput = Structure("DescribeBulkOperationInput", kBulkArnMembers);
constinit const Shape kCancelBulkOperationInput = Structure("CancelBulkOperationInput", kBulkArnMembers);
constinit const Shape kListBulkOperationsInput = Structure("ListBulkOperationsInput", kListBulkMembers);

}  // namespace stator::services::dynamodb::model
