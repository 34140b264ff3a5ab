// The Query protocol of CloudWatch, IAM and STS: a form with Action and Version in, XML out. Both are only a dress: the
// operation sees the same JSON as from any other client and answers JSON.
//
//   Action=ListMetrics&Version=2010-08-01&Dimensions.member.1.Name=FunctionName
//   {"Dimensions": [{"Name": "FunctionName"}]}
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "dispatch/operation.h"
#include "errors/result.h"
#include "http/message.h"

namespace stator::dispatch {

using Form = std::vector<std::pair<std::string, std::string>>;

// Names and values of application/x-www-form-urlencoded text; kQueryMalformed for what is none, or has too many.
Result<Form> ReadForm(Bytes text);
// The value of that name; empty if there is none.
Bytes FindInForm(const Form& form, Bytes name);

// The request's JSON, members as `input` has them. Texts that should be numbers or times and are not stay texts, which
// CheckShape refuses.
std::string QueryJson(const Shape& input, const Form& form);

// Turns the JSON answer or error of the operation into XML.
void MakeXml(const Operation& operation, Bytes request_id, http::Reply* reply);
// An error without an operation.
http::Reply XmlError(const Error& error, Bytes request_id);

// What the protocol calls an error: "InvalidParameterValue" for InvalidParameterValueException.
std::string QueryCode(Bytes name);

}  // namespace stator::dispatch
