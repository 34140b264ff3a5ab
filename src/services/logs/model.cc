#include "services/logs/model.h"

#include "dispatch/shape_make.h"

namespace stator::services::logs::model {
namespace {

using dispatch::Shape;
using dispatch::ShapeMember;
using namespace dispatch::make;  // NOLINT(google-build-using-namespace): a table of shapes

bool IsStreamName(std::string_view text) { return !text.empty() && text.find_first_of(":*") == std::string_view::npos; }

constexpr Shape kGroupName = String("LogGroupName", 1, 512, R"([\.\-_/#A-Za-z0-9]+)");
constexpr bool GroupCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_' || c == '/' || c == '#';
}
bool IsGroupName(std::string_view text) {
  for (const char c : text) {
    if (!GroupCharacter(c)) return false;
  }
  return !text.empty();
}
bool IsGroupIdentifier(std::string_view text) {
  for (const char c : text) {
    if (!GroupCharacter(c) && c != ':' && c != '*' && c != '+' && c != '=' && c != '@') return false;
  }
  return !text.empty();
}
constexpr Shape kGroup = Matching("LogGroupName", 1, 512, kGroupName.pattern, IsGroupName);
constexpr Shape kIdentifier = Matching("LogGroupIdentifier", 1, 2048, R"([\w#+=/:,.@-]*)", IsGroupIdentifier);
constexpr Shape kGroupPattern = Matching("LogGroupNamePattern", 0, 512, R"([\.\-_/#A-Za-z0-9]*)",
                                         [](std::string_view t) { return t.empty() || IsGroupName(t); });
constexpr Shape kStream = Matching("LogStreamName", 1, 512, "[^:*]*", IsStreamName);
constexpr Shape kStreamNames = List("InputLogStreamNames", &kStream, 1, 100);
constexpr Shape kToken = String("NextToken", 1);
constexpr Shape kSequenceToken = String("SequenceToken", 1);
constexpr Shape kTime = Long("Timestamp", 0);
constexpr Shape kDescribeLimit = Integer("DescribeLimit", 1, 50);
constexpr Shape kEventsLimit = Integer("EventsLimit", 1, 10'000);
constexpr Shape kPattern = String("FilterPattern", 0, 1024);
constexpr Shape kFlag = Boolean("Boolean");
constexpr Shape kDays = Integer("Days");
constexpr Shape kMessage = String("EventMessage", 1);
constexpr Shape kTagKey = String("TagKey", 1, 128);
constexpr Shape kTagValue = String("TagValue", 0, 256);
constexpr Shape kTags = Map("Tags", &kTagValue, 1, 50);
constexpr Shape kTagKeys = List("TagKeyList", &kTagKey, 0, 50);
constexpr Shape kArn = String("AmazonResourceName", 1, 1011);
constexpr Shape kAny = String("String");
constexpr std::string_view kOrders[] = {"LogStreamName", "LastEventTime"};
constexpr Shape kOrderBy = Enum("OrderBy", kOrders);

constexpr ShapeMember kEventMembers[] = {{"timestamp", &kTime, true}, {"message", &kMessage, true}};
constexpr Shape kEvent = Structure("InputLogEvent", kEventMembers);
constexpr Shape kEvents = List("InputLogEvents", &kEvent, 1, 10'000);

constexpr ShapeMember kCreateGroupMembers[] = {
    {"logGroupName", &kGroup, true}, {"kmsKeyId", &kAny}, {"tags", &kTags}, {"logGroupClass", &kAny}};
constexpr ShapeMember kGroupMembers[] = {{"logGroupName", &kGroup, true}};
constexpr ShapeMember kDescribeGroupsMembers[] = {{"logGroupNamePrefix", &kGroup},
                                                  {"logGroupNamePattern", &kGroupPattern},
                                                  {"nextToken", &kToken},
                                                  {"limit", &kDescribeLimit}};
constexpr ShapeMember kRetentionMembers[] = {{"logGroupName", &kGroup, true}, {"retentionInDays", &kDays, true}};
constexpr ShapeMember kStreamMembers[] = {{"logGroupName", &kGroup, true}, {"logStreamName", &kStream, true}};
constexpr ShapeMember kDescribeStreamsMembers[] = {{"logGroupName", &kGroup},
                                                   {"logGroupIdentifier", &kIdentifier},
                                                   {"logStreamNamePrefix", &kStream},
                                                   {"orderBy", &kOrderBy},
                                                   {"descending", &kFlag},
                                                   {"nextToken", &kToken},
                                                   {"limit", &kDescribeLimit}};
constexpr ShapeMember kPutMembers[] = {{"logGroupName", &kGroup, true},
                                       {"logStreamName", &kStream, true},
                                       {"logEvents", &kEvents, true},
                                       {"sequenceToken", &kSequenceToken}};
constexpr ShapeMember kGetMembers[] = {{"logGroupName", &kGroup},
                                       {"logGroupIdentifier", &kIdentifier},
                                       {"logStreamName", &kStream, true},
                                       {"startTime", &kTime},
                                       {"endTime", &kTime},
                                       {"nextToken", &kToken},
                                       {"limit", &kEventsLimit},
                                       {"startFromHead", &kFlag},
                                       {"unmask", &kFlag}};
constexpr ShapeMember kFilterMembers[] = {{"logGroupName", &kGroup},
                                          {"logGroupIdentifier", &kIdentifier},
                                          {"logStreamNames", &kStreamNames},
                                          {"logStreamNamePrefix", &kStream},
                                          {"startTime", &kTime},
                                          {"endTime", &kTime},
                                          {"filterPattern", &kPattern},
                                          {"nextToken", &kToken},
                                          {"limit", &kEventsLimit},
                                          {"interleaved", &kFlag},
                                          {"unmask", &kFlag}};
constexpr ShapeMember kTagGroupMembers[] = {{"logGroupName", &kGroup, true}, {"tags", &kTags, true}};
constexpr ShapeMember kUntagGroupMembers[] = {{"logGroupName", &kGroup, true}, {"tags", &kTagKeys, true}};
constexpr ShapeMember kTagMembers[] = {{"resourceArn", &kArn, true}, {"tags", &kTags, true}};
constexpr ShapeMember kUntagMembers[] = {{"resourceArn", &kArn, true}, {"tagKeys", &kTagKeys, true}};
constexpr ShapeMember kListTagsMembers[] = {{"resourceArn", &kArn, true}};

}  // namespace

constinit const Shape kCreateLogGroup = Structure("CreateLogGroupRequest", kCreateGroupMembers);
constinit const Shape kDeleteLogGroup = Structure("DeleteLogGroupRequest", kGroupMembers);
constinit const Shape kDescribeLogGroups = Structure("DescribeLogGroupsRequest", kDescribeGroupsMembers);
constinit const Shape kPutRetentionPolicy = Structure("PutRetentionPolicyRequest", kRetentionMembers);
constinit const Shape kDeleteRetentionPolicy = Structure("DeleteRetentionPolicyRequest", kGroupMembers);
constinit const Shape kCreateLogStream = Structure("CreateLogStreamRequest", kStreamMembers);
constinit const Shape kDeleteLogStream = Structure("DeleteLogStreamRequest", kStreamMembers);
constinit const Shape kDescribeLogStreams = Structure("DescribeLogStreamsRequest", kDescribeStreamsMembers);
constinit const Shape kPutLogEvents = Structure("PutLogEventsRequest", kPutMembers);
constinit const Shape kGetLogEvents = Structure("GetLogEventsRequest", kGetMembers);
constinit const Shape kFilterLogEvents = Structure("FilterLogEventsRequest", kFilterMembers);
constinit const Shape kTagLogGroup = Structure("TagLogGroupRequest", kTagGroupMembers);
constinit const Shape kUntagLogGroup = Structure("UntagLogGroupRequest", kUntagGroupMembers);
constinit const Shape kListTagsLogGroup = Structure("ListTagsLogGroupRequest", kGroupMembers);
constinit const Shape kTagResource = Structure("TagResourceRequest", kTagMembers);
constinit const Shape kUntagResource = Structure("UntagResourceRequest", kUntagMembers);
constinit const Shape kListTagsForResource = Structure("ListTagsForResourceRequest", kListTagsMembers);

}  // namespace stator::services::logs::model
