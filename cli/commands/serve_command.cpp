#include "commands/serve_command.h"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>

#include "console/exit_code.h"
#include "console/say.h"
#include "limits/interrupt.h"
#include "run/photo_options.h"
#include "service/http_server.h"

namespace piaa::cli {
namespace {

/// A token that other users cannot read off the command line.
std::string read_token(const boost::filesystem::path& file) {
    if (file.empty()) {
        const char* const variable = std::getenv("PIAA_TOKEN");
        return variable == nullptr ? "" : variable;
    }
    std::ifstream in(file.string());
    std::string token;
    if (!std::getline(in, token) || token.empty())
        throw CLI::ValidationError("--token-file",
                                   file.string() + " should have the token in its first line");
    return token;
}

/// A folder of the service has to be one before somebody asks for what is in it.
void check_folder(const char* option, const boost::filesystem::path& folder) {
    boost::system::error_code ignored;
    if (!folder.empty() && !boost::filesystem::is_directory(folder, ignored))
        throw Error(ErrorCode::bad_argument,
                    std::string(option) + " " + folder.string() + ": is no folder and should be one");
}

}  // namespace

void add_serve_command(CLI::App& app, std::function<void(const ServiceOptions&)> run) {
    auto* command = app.add_subcommand("serve", "Answer over HTTP what score, crop and explain answer");
    auto options = std::make_shared<ServiceOptions>();
    auto token_file = std::make_shared<boost::filesystem::path>();
    add_scorer_options(*command, options->scorer);
    command
        ->add_option_function<std::string>(
            "--listen",
            [options](const std::string& address) {
                try {
                    parse_listen(address, *options);
                } catch (const Error& error) {
                    throw CLI::ValidationError("--listen", error.what());
                }
            },
            "Where to listen; 127.0.0.1:8077 if not given, port 0 for any free one, unix:FILE for a socket "
            "that you alone can use")
        ->type_name("HOST:PORT");
    add_path_option(*command, "--root", options->root, "Photos may be named by their path below this folder",
                    "DIR");
    command
        ->add_option_function<std::vector<std::string>>(
            "--allow-host",
            [options](const std::vector<std::string>& hosts) {
                try {
                    for (const std::string& host : hosts) options->hosts.push_back(parse_allowed_host(host));
                } catch (const Error& error) {
                    throw CLI::ValidationError("--allow-host", error.what());
                }
            },
            "Photos may be named by a URL of this host, at the usual port if none is given; once for each "
            "host")
        ->allow_extra_args(false)
        ->type_name("HOST[:PORT]");
    add_path_option(*command, "--profiles", options->profiles, "Keep profiles in this folder, as NAME.pt",
                    "DIR");
    add_path_option(*command, "--token-file", *token_file,
                    "The first line is what Authorization: Bearer has to say; PIAA_TOKEN does too");
    command->add_option("--jobs,-j", options->jobs, "Photos worked on at once")->check(CLI::Range(1, 1024));
    command->add_option("--memory", options->memory, "What the program may take, such as 500M or 2G")
        ->transform(CLI::AsSizeValue(false))
        ->type_name("SIZE");
    command->add_option("--max-body", options->largest, "Largest body of a request; 256M if not given")
        ->transform(CLI::AsSizeValue(false))
        ->type_name("SIZE");
    command->add_option("--queue", options->queue, "Requests that may wait; others are answered by 429")
        ->check(CLI::Range(0, 100'000))
        ->capture_default_str();
    command
        ->add_option_function<int>(
            "--time-limit", [options](int seconds) { options->time_limit = std::chrono::seconds(seconds); },
            "Seconds after which a photo that is still being decoded is given up; 60 if not given")
        ->check(CLI::Range(1, 86400))
        ->type_name("SECONDS");
    command->callback([options, token_file, run] {
        options->token = read_token(*token_file);
        run(*options);
    });
}

int run_serve(const ServiceOptions& options, std::ostream& out, std::ostream& err) {
    try {
        check_folder("--root", options.root);
        const InterruptGuard guard;
        return serve_http(options, out, err, InterruptGuard::interrupted);
    } catch (const Error& error) {
        say(err, error.what());
        return exit_code_at_start(error);
    }
}

}  // namespace piaa::cli
