// JSON answers as XML: members are elements, elements of lists <member>; times, which the shape of the answer tells
// from numbers, in ISO 8601. Values of the server's own making: the depth is that of the answers.
#include <cmath>
#include <cstdio>

#include "base/clock.h"
#include "dispatch/query.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::dispatch {
namespace {

using Kind = Shape::Kind;

void AppendText(std::string* out, Bytes text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out->append("&amp;");
        break;
      case '<':
        out->append("&lt;");
        break;
      case '>':
        out->append("&gt;");
        break;
      case '"':
        out->append("&quot;");
        break;
      default:
        // XML 1.0 has no other control characters.
        out->push_back(static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' ? '?' : c);
    }
  }
}

void AppendElement(std::string* out, Bytes name, Bytes text) {
  out->append("<").append(name).append(">");
  AppendText(out, text);
  out->append("</").append(name).append(">");
}

std::string NumberText(json::Value value) {
  std::string text;
  json::Writer out(&text);
  if (value.kind() == json::Kind::kInteger) {
    out.Int(value.integer());
  } else {
    out.Double(value.real());
  }
  return text;
}

const Shape* MemberShape(const Shape* shape, Bytes name) {
  if (!shape || shape->kind != Kind::kStructure) return nullptr;
  for (const ShapeMember& member : shape->members) {
    if (member.name == name) return member.shape;
  }
  return nullptr;
}

void AppendValue(std::string* out, const Shape* shape, json::Value value) {
  switch (value.kind()) {
    case json::Kind::kNull:
      return;
    case json::Kind::kFalse:
    case json::Kind::kTrue:
      out->append(value.boolean() ? "true" : "false");
      return;
    case json::Kind::kInteger:
    case json::Kind::kDouble:
      if (shape && shape->kind == Kind::kTimestamp) {
        std::string iso = FormatIso(Time{std::llround(value.real() * 1000) * 1000});
        if (iso.ends_with(".000Z")) iso.replace(iso.size() - 5, 5, "Z");
        out->append(iso);
      } else {
        out->append(NumberText(value));
      }
      return;
    case json::Kind::kString:
      return AppendText(out, value.text());
    case json::Kind::kArray:
      for (const json::Value element : value.elements()) {
        out->append("<member>");
        AppendValue(out, shape ? shape->element : nullptr, element);
        out->append("</member>");
      }
      return;
    case json::Kind::kObject:
      for (const json::Member member : value.members()) {
        if (shape && shape->kind == Kind::kMap) {
          out->append("<entry>");
          AppendElement(out, "key", member.name);
          out->append("<value>");
          AppendValue(out, shape->element, member.value);
          out->append("</value></entry>");
          continue;
        }
        out->append("<").append(member.name).append(">");
        AppendValue(out, MemberShape(shape, member.name), member.value);
        out->append("</").append(member.name).append(">");
      }
      return;
  }
}

std::string ErrorBody(Bytes space, Bytes name, Bytes text, bool server, Bytes request_id) {
  std::string out = "<ErrorResponse xmlns=\"";
  out.append(space).append("\"><Error>");
  AppendElement(&out, "Type", server ? "Receiver" : "Sender");
  AppendElement(&out, "Code", QueryCode(name));
  AppendElement(&out, "Message", text);
  out.append("</Error>");
  AppendElement(&out, "RequestId", request_id);
  return out.append("</ErrorResponse>\n");
}

std::string AnswerBody(const Operation& operation, json::Value answer, Bytes request_id) {
  const std::string name(operation.name);
  std::string out = "<" + name + "Response xmlns=\"";
  out.append(operation.query.xml_space).append("\">");
  if (operation.query.output) {
    out.append("<" + name + "Result>");
    AppendValue(&out, operation.query.output, answer);
    out.append("</" + name + "Result>");
  }
  out.append("<ResponseMetadata>");
  AppendElement(&out, "RequestId", request_id);
  return out.append("</ResponseMetadata></" + name + "Response>\n");
}

Bytes TextMember(json::Value error) {
  for (const Bytes name : {Bytes("message"), Bytes("Message")}) {
    const json::Value text = error.Find(name);
    if (text.valid() && text.is_string()) return text.text();
  }
  return {};
}

}  // namespace

std::string QueryCode(Bytes name) {
  if (name == "ValidationException") return "ValidationError";
  if (name == "MissingRequiredParameterException") return "MissingParameter";
  if (name == "SerializationException") return "MalformedInput";
  if (name == "UnknownOperationException") return "InvalidAction";
  if (name.ends_with("Exception")) name.remove_suffix(Bytes("Exception").size());
  return std::string(name);
}

void MakeXml(const Operation& operation, Bytes request_id, http::Reply* reply) {
  json::Document document;
  const Result<json::Value> body = document.Parse(reply->body.empty() ? Bytes("{}") : Bytes(reply->body));
  const json::Value answer = body.ok() ? *body : json::Value();
  std::string xml;
  if (reply->status < 400 && answer.valid()) {
    xml = AnswerBody(operation, answer, request_id);
  } else {
    const json::Value type = answer.valid() && answer.is_object() ? answer.Find("__type") : json::Value();
    Bytes name = type.valid() ? type.text() : Bytes("InternalFailure");
    name.remove_prefix(name.rfind('#') + 1);  // none: npos + 1 is 0
    const Bytes text = answer.valid() && answer.is_object() ? TextMember(answer) : Bytes();
    xml = ErrorBody(operation.query.xml_space, name, text, reply->status >= 500, request_id);
  }
  reply->body = std::move(xml);
  reply->content_type = "text/xml";
}

http::Reply XmlError(const Error& error, Bytes request_id) {
  const ErrorTypeFacts& facts = FactsOf(error.type());
  http::Reply reply;
  reply.status = facts.http_status;
  reply.content_type = "text/xml";
  reply.body = ErrorBody("", facts.name, error.text, facts.http_status >= 500, request_id);
  return reply;
}

}  // namespace stator::dispatch
