#pragma once

#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/error.h>

namespace piaa::cli {

/// Why a request has no answer: an HTTP status from 400 on, and a sentence.
struct Problem {
    int status = 500;
    std::string detail;
};

/// As application/problem+json (RFC 9457): type, title, status, detail.
std::string problem_json(const Problem& problem);

/// The words of HTTP for a status.
std::string title_of(int status);

/// The error with what a caller calls a file in place of where it lies here.
Error called(const Error& error, const boost::filesystem::path& file, const std::string& name);

/// What an error of the engine is to whoever sent the request.
Problem problem_of(const Error& error);

}  // namespace piaa::cli
