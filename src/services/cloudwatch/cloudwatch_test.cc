// The whole service in a process of its own: JSON as the newer SDKs send it, forms as boto3 and the aws command do.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/run_on.h"
#include "dispatch/dispatcher.h"
#include "engine/memory/memory_engine.h"
#include "services/cloudwatch/service.h"

namespace stator::services::cloudwatch {
namespace {

using metrics::Metric;

class Service {
 public:
  Service() {
    RegisterAll(registry_, {*store, workers_});
    lanes_.Start();
  }
  ~Service() { lanes_.StopAndJoin(); }

  std::string Json(const std::string& operation, const std::string& body) {
    const std::string target = std::string(kTargetPrefix) + "." + operation;
    return Send({{"content-type", "application/x-amz-json-1.0"}, {"x-amz-target", target}}, body);
  }
  std::string Form(const std::string& body) {
    return Send({{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}, body + "&Version=2010-08-01");
  }

  Clock clock;
  std::unique_ptr<engine::Engine> engine = engine::NewMemoryEngine(clock);
  std::unique_ptr<metrics::MetricStore> store = std::move(metrics::MetricStore::Open(*engine, clock, {})).value();
  http::Reply last;

  // A minute that is long over, on the hour.
  const int64_t hour = clock.Now().seconds() / 3600 * 3600 - 7200;
  std::string At(int64_t seconds) const { return std::to_string(hour + seconds); }
  void Add(const std::string& function, Metric metric, double value, int64_t seconds) {
    store->Add(function, metric, value, Time{(hour + seconds) * 1'000'000});
  }

 private:
  std::string Send(std::vector<http::Header> headers, const std::string& body) {
    http::Request request;
    request.head.method = "POST";
    request.head.path = "/";
    request.head.headers = std::move(headers);
    request.body = body;
    last = RunOn(lanes_.at(0), [&](Lane& lane) { return dispatcher_.Handle(request, lane); });
    return last.body;
  }

  Lanes lanes_{1};  // outlives the workers, who wake it
  WorkerPool workers_{1};
  dispatch::Registry registry_;
  dispatch::Dispatcher dispatcher_{registry_, clock, {}};
};

std::string Query(const std::string& id, const std::string& metric, const std::string& stat, int period) {
  return R"({"Id":")" + id + R"(","MetricStat":{"Metric":{"Namespace":"AWS/Lambda","MetricName":")" + metric +
         R"(","Dimensions":[{"Name":"FunctionName","Value":"f"}]},"Period":)" + std::to_string(period) +
         R"(,"Stat":")" + stat + R"("}})";
}

TEST(CloudWatch, GetMetricData) {
  Service s;
  s.Add("f", Metric::kDuration, 10, 0);
  s.Add("f", Metric::kDuration, 20, 30);
  s.Add("f", Metric::kDuration, 60, 120);
  s.Add("g", Metric::kDuration, 1, 120);
  const std::string range = R"(,"StartTime":)" + s.At(0) + R"(,"EndTime":)" + s.At(600) + "}";
  const std::string data = s.Json("GetMetricData", R"({"MetricDataQueries":[)" + Query("a", "Duration", "Sum", 60) +
                                                       "," + Query("b", "Duration", "Average", 300) + "," +
                                                       Query("c", "Errors", "Sum", 60) + "]" + range);
  EXPECT_EQ(s.last.status, 200);
  EXPECT_EQ(data, R"({"MetricDataResults":[{"Id":"a","Label":"Duration","Timestamps":[)" + s.At(120) + "," + s.At(0) +
                      R"(],"Values":[60.0,30.0],"StatusCode":"Complete"},{"Id":"b","Label":"Duration","Timestamps":[)" +
                      s.At(0) + R"(],"Values":[30.0],"StatusCode":"Complete"},{"Id":"c","Label":"Errors",)" +
                      R"("Timestamps":[],"Values":[],"StatusCode":"Complete"}],"Messages":[]})");
}

TEST(CloudWatch, TheSameAsAForm) {
  Service s;
  s.Add("f", Metric::kInvocations, 1, 0);
  s.Add("g", Metric::kInvocations, 1, 0);
  const std::string xml = s.Form(
      "Action=GetMetricStatistics&Namespace=AWS%2FLambda&MetricName=Invocations&Period=60&Statistics.member.1=Sum"
      "&ExtendedStatistics.member.1=p99&StartTime=" +
      s.At(0) + "&EndTime=" + s.At(60));
  EXPECT_EQ(s.last.status, 200);
  EXPECT_EQ(s.last.content_type, "text/xml");
  EXPECT_NE(xml.find("<Label>Invocations</Label><Datapoints><member><Timestamp>"), std::string::npos) << xml;
  EXPECT_NE(xml.find("<Sum>2.0</Sum><ExtendedStatistics><entry><key>p99</key><value>1.0</value></entry>"
                     "</ExtendedStatistics><Unit>Count</Unit>"),
            std::string::npos)
      << xml;
}

TEST(CloudWatch, ListMetrics) {
  Service s;
  s.Add("f", Metric::kInvocations, 1, 0);
  s.Add("g", Metric::kErrors, 1, 0);
  EXPECT_EQ(s.Json("ListMetrics", R"({"MetricName":"Errors"})"),
            R"({"Metrics":[{"Namespace":"AWS/Lambda","MetricName":"Errors","Dimensions":[]},)"
            R"({"Namespace":"AWS/Lambda","MetricName":"Errors","Dimensions":[{"Name":"FunctionName","Value":"g"}]}]})");
  EXPECT_EQ(s.Json("ListMetrics", R"({"Dimensions":[{"Name":"FunctionName","Value":"f"}]})"),
            R"({"Metrics":[{"Namespace":"AWS/Lambda","MetricName":"Invocations",)"
            R"("Dimensions":[{"Name":"FunctionName","Value":"f"}]}]})");
  EXPECT_EQ(s.Json("ListMetrics", R"({"Namespace":"AWS/EC2"})"), R"({"Metrics":[]})");
}

std::string Expired(const std::string& dimensions) {
  return R"({"Id":"x","MetricStat":{"Metric":{"Namespace":"AWS/DynamoDB","MetricName":"TimeToLiveDeletedItemCount",)"
         R"("Dimensions":[)" +
         dimensions + R"(]},"Period":60,"Stat":"Sum"}})";
}

TEST(CloudWatch, FiguresOfTables) {
  Service s;
  s.Add(metrics::OfTable("t"), Metric::kExpiredItems, 5, 0);
  s.Add(metrics::OfTable("t"), Metric::kExpiredItems, 7, 10);
  s.Add(metrics::OfTable("u"), Metric::kExpiredItems, 1, 0);
  s.Add("t", Metric::kInvocations, 1, 0);
  const auto values = [&](const std::string& query) {
    const std::string data = s.Json("GetMetricData", R"({"MetricDataQueries":[)" + query + R"(],"StartTime":)" +
                                                         s.At(0) + R"(,"EndTime":)" + s.At(600) + "}");
    const size_t from = data.find(R"("Values":)");
    return data.substr(from, data.find(']', from) + 1 - from);
  };
  const std::string of_t = R"({"Name":"TableName","Value":"t"})";
  EXPECT_EQ(values(Expired(of_t)), R"("Values":[12.0])");
  EXPECT_EQ(values(Expired("")), R"("Values":[])") << "there is none of all tables";
  EXPECT_EQ(values(Expired(R"({"Name":"FunctionName","Value":"t"})")), R"("Values":[])");
  EXPECT_EQ(values(Expired(of_t + R"(,{"Name":"Operation","Value":"PutItem"})")), R"("Values":[])");
  EXPECT_EQ(s.Json("ListMetrics", R"({"Namespace":"AWS/DynamoDB","Dimensions":[{"Name":"TableName","Value":"u"}]})"),
            R"({"Metrics":[{"Namespace":"AWS/DynamoDB","MetricName":"TimeToLiveDeletedItemCount",)"
            R"("Dimensions":[{"Name":"TableName","Value":"u"}]}]})");
  EXPECT_EQ(s.Json("ListMetrics", R"({"Dimensions":[{"Name":"FunctionName"}]})"),
            R"({"Metrics":[{"Namespace":"AWS/Lambda","MetricName":"Invocations",)"
            R"("Dimensions":[{"Name":"FunctionName","Value":"t"}]}]})");
  const std::string statistics =
      s.Json("GetMetricStatistics", R"({"Namespace":"AWS/DynamoDB","MetricName":"TimeToLiveDeletedItemCount",)"
                                    R"("Period":60,"Statistics":["Sum"],"Dimensions":[)" +
                                        of_t + R"(],"StartTime":)" + s.At(0) + R"(,"EndTime":)" + s.At(60) + "}");
  EXPECT_EQ(statistics, R"({"Label":"TimeToLiveDeletedItemCount","Datapoints":[{"Timestamp":)" + s.At(0) +
                            R"(,"Sum":12.0,"Unit":"Count"}]})");
}

TEST(CloudWatch, ErrorsInBothForms) {
  Service s;
  const std::string json =
      s.Json("GetMetricStatistics", R"({"Namespace":"AWS/Lambda","MetricName":"Errors","Period":60,)"
                                    R"("Statistics":["Sum"],"StartTime":2,"EndTime":1})");
  EXPECT_EQ(s.last.status, 400);
  EXPECT_EQ(json, R"({"__type":"com.amazonaws.cloudwatch.v2010_08_01#InvalidParameterCombinationException",)"
                  R"("message":"The parameter StartTime must be less than the parameter EndTime."})");
  const auto has = [&](const std::string& name, const std::string& value) {
    return std::find(s.last.headers.begin(), s.last.headers.end(), std::pair(name, value)) != s.last.headers.end();
  };
  EXPECT_TRUE(has("x-amzn-query-error", "InvalidParameterCombination;Sender"));

  const std::string range = "&Namespace=AWS/Lambda&MetricName=Errors&StartTime=0&EndTime=86400&Statistics.member.1=Sum";
  EXPECT_NE(s.Form("Action=GetMetricStatistics&Period=30" + range)
                .find("<Code>InvalidParameterValue</Code><Message>The parameter Period must be a multiple of 60."),
            std::string::npos);
  EXPECT_NE(s.Form("Action=GetMetricStatistics&Period=60" + range + "&EndTime=1").find("<Datapoints></Datapoints>"),
            std::string::npos);
  EXPECT_NE(
      s.Form("Action=GetMetricStatistics&Period=60" + range + "&EndTime=200000").find("exceeds the limit of 1440"),
      std::string::npos);
  EXPECT_NE(s.Form("Action=GetMetricStatistics").find("<Code>ValidationError</Code>"), std::string::npos);
  EXPECT_NE(s.Form("Action=Nothing").find("<Code>InvalidAction</Code>"), std::string::npos);
  EXPECT_EQ(s.last.status, 400);
  EXPECT_NE(
      s.Json("GetMetricData", R"({"StartTime":0,"EndTime":60,"MetricDataQueries":[{"Id":"e","Expression":"a+b"}]})")
          .find("expressions are not served"),
      std::string::npos);
  EXPECT_NE(s.Json("GetMetricData",
                   R"({"StartTime":0,"EndTime":60,"MetricDataQueries":[)" + Query("A", "Errors", "Sum", 60) + "]}")
                .find("begins with a lower case letter"),
            std::string::npos);
  EXPECT_NE(s.Json("GetMetricData",
                   R"({"StartTime":0,"EndTime":60,"MetricDataQueries":[)" + Query("a", "Errors", "p101", 60) + "]}")
                .find("The value p101 for parameter Stat is not supported."),
            std::string::npos);
}

}  // namespace
}  // namespace stator::services::cloudwatch
