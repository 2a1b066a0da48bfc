#include "shell/settings_file.h"

#include <algorithm>
#include <cstdlib>
#include <istream>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <unistd.h>

namespace piaa::cli {
namespace {

std::vector<CLI::App*> chosen_commands(CLI::App& app) {
    std::vector<CLI::App*> chain;
    for (CLI::App* command = &app; !command->get_subcommands().empty();) {
        command = command->get_subcommands().front();
        chain.push_back(command);
    }
    return chain;
}

bool has_option(const CLI::App& command, const std::string& name) {
    if (command.get_option_no_throw("--" + name) != nullptr) return true;
    const auto parts = command.get_subcommands([](const CLI::App*) { return true; });
    return std::any_of(parts.begin(), parts.end(), [&](const auto* part) { return has_option(*part, name); });
}

/// Whether the section that the item stands in is a command that has it.
bool is_known(const CLI::App& app, const CLI::ConfigItem& item) {
    const CLI::App* command = &app;
    for (const std::string& name : item.parents) {
        const auto parts =
            command->get_subcommands([&](const CLI::App* part) { return part->get_name() == name; });
        if (parts.empty()) return false;
        command = parts.front();
    }
    const bool section = item.name == "++" || item.name == "--";  // where one begins and ends
    return section || (item.parents.empty() ? has_option(app, item.name)
                                            : command->get_option_no_throw("--" + item.name) != nullptr);
}

std::string complaint(const CLI::ConfigItem& item) {
    if (item.name == "++") return '[' + CLI::detail::join(item.parents, ".") + "] is no command";
    return "'" + item.fullname() + "' is no option of a command";
}

CLI::ConfigError unreadable(const std::string& file) {
    return {unreadable_settings(file), CLI::ExitCodes::ConfigError};
}

/// CLI11 passes over the default file where it cannot be opened, as it does where there is none.
void refuse_unreadable_default(const CLI::Option& option) {
    const boost::filesystem::path file = default_settings_file();
    boost::system::error_code ignored;
    if (option.count() == 0 && boost::filesystem::exists(file, ignored) &&
        (!boost::filesystem::is_regular_file(file, ignored) || ::access(file.c_str(), R_OK) != 0))
        throw unreadable(file.string());
}

/// Some editors begin UTF-8 by one, which would be a part of the first name.
void skip_byte_order_mark(std::istream& file) {
    for (const int byte : {0xEF, 0xBB, 0xBF}) {
        if (file.peek() != byte) return;
        file.get();
    }
}

/// Two options whose values may not go together.
struct OptionPair {
    const CLI::Option* one;
    const CLI::Option* other;
    GoTogether go_together;
};

/// Of the chosen command's options, which are given: on the command line, in its section, above all sections.
class GivenOptions {
public:
    GivenOptions(const CLI::App& command, const std::vector<OptionPair>& pairs)
        : command_(command), pairs_(pairs) {
        for (const auto* option : command.get_options())
            if (option->count() > 0) given_.emplace(option, Given{0, option->results()});
    }

    bool on_command_line(const std::string& name) const {
        const auto found = given_.find(option(name));
        return found != given_.end() && found->second.place == 0;
    }

    /// Whether the item holds beside options that come before it; then it is given too.
    bool take(const CLI::ConfigItem& item, int place) {
        const auto* taken = option(item.name);
        for (const auto* other : taken->get_excludes())
            if (is_given_before(other, place)) return false;
        for (const auto& [one, other, go_together] : pairs_) {
            if (taken->get_required()) continue;  // without it the command would not run at all
            if (taken == one && is_given_before(other, place) && !go_together(first(item), first(other)))
                return false;
            if (taken == other && is_given_before(one, place) && !go_together(first(one), first(item)))
                return false;
        }
        if (item.inputs != std::vector<std::string>{"false"})
            given_.emplace(taken, Given{place, item.inputs});
        return true;
    }

    /// Whether all are given that the item needs; if not, it is not given either.
    bool keep(const CLI::ConfigItem& item) {
        const auto* kept = option(item.name);
        const auto needs = kept->get_needs();
        const bool all = std::all_of(needs.begin(), needs.end(),
                                     [&](const auto* other) { return given_.contains(other); });
        if (!all) given_.erase(kept);
        return all;
    }

private:
    struct Given {
        int place;  ///< 0 for the command line, then 1 and 2
        std::vector<std::string> values;
    };

    const CLI::Option* option(const std::string& name) const {
        return command_.get_option_no_throw("--" + name);
    }

    bool is_given_before(const CLI::Option* option, int place) const {
        const auto found = given_.find(option);
        return found != given_.end() && found->second.place < place;
    }

    static std::string first(const CLI::ConfigItem& item) {
        return item.inputs.empty() ? "" : item.inputs.front();
    }
    std::string first(const CLI::Option* given) const {
        const auto& values = given_.at(given).values;
        return values.empty() ? "" : values.front();
    }

    const CLI::App& command_;
    const std::vector<OptionPair>& pairs_;
    std::map<const CLI::Option*, Given> given_;
};

/// What stands above all sections is put into the section of the command that runs, behind what stands there:
/// CLI11 keeps the first value that it finds.
class SettingsFile : public CLI::ConfigTOML {
public:
    explicit SettingsFile(CLI::App& app) : app_(app) {}

    std::vector<CLI::ConfigItem> from_config(std::istream& file) const override {
        skip_byte_order_mark(file);
        std::vector<CLI::ConfigItem> items = CLI::ConfigTOML::from_config(file);
        if (file.bad()) throw unreadable(app_.get_config_ptr()->as<std::string>());
        for (const auto& item : items)
            if (!is_known(app_, item))
                throw CLI::ConfigError(app_.get_config_ptr()->as<std::string>() + ": " + complaint(item),
                                       CLI::ExitCodes::ConfigError);
        const auto above = std::stable_partition(items.begin(), items.end(),
                                                 [](const auto& item) { return !item.parents.empty(); });
        std::vector<CLI::ConfigItem> common(above, items.end());
        items.erase(above, items.end());
        const std::size_t in_section = items.size();
        const auto chain = chosen_commands(app_);
        for (CLI::ConfigItem& item : common) {
            const bool chosen =
                !chain.empty() && chain.back()->get_option_no_throw("--" + item.name) != nullptr;
            if (chosen)
                for (const auto* command : chain) item.parents.push_back(command->get_name());
            else if (item.parents.empty())
                continue;  // other commands'
            items.push_back(item);
        }
        if (!chain.empty()) keep_those_that_hold(items, chain, in_section);
        return items;
    }

    void add_pair(OptionPair pair) { pairs_.push_back(std::move(pair)); }

    /// Whether a complaint is about an option whose value came from the file.
    bool is_behind(const std::string& complaint) const {
        std::istringstream words(complaint);
        for (std::string word; words >> word;) {
            if (!word.starts_with("--")) continue;
            if (names_.contains(word.substr(2, word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", 2) - 2)))
                return true;
        }
        return false;
    }

private:
    /// Takes out what the command line, or the section, gives otherwise, and what lacks an option that it
    /// needs.
    void keep_those_that_hold(std::vector<CLI::ConfigItem>& items, const std::vector<CLI::App*>& chain,
                              std::size_t in_section) const {
        GivenOptions given(*chain.back(), pairs_);
        std::vector<std::string> path;
        for (const auto* command : chain) path.push_back(command->get_name());
        const auto is_ours = [&](const CLI::ConfigItem& item) {
            return item.parents == path && item.name != "++" && item.name != "--";
        };
        std::vector<CLI::ConfigItem> held;
        for (std::size_t i = 0; i < items.size(); ++i)
            if (!is_ours(items[i]) || given.take(items[i], i < in_section ? 1 : 2)) held.push_back(items[i]);
        items = std::move(held);
        // What goes may be what another one needs.
        while (std::erase_if(items, [&](const auto& item) { return is_ours(item) && !given.keep(item); }) >
               0) {
        }
        for (const auto& item : items)
            if (!given.on_command_line(item.name)) names_.insert(item.name);
    }

    CLI::App& app_;
    std::vector<OptionPair> pairs_;
    mutable std::set<std::string> names_;  ///< of the options that a file gave
};

/// CLI11 leaves flags that it found in a file alone where a command has looked at its options before.
void take_pending(CLI::App& command) {
    for (CLI::Option* option : command.get_options())
        if (option->count() > 0 && !option->get_callback_run()) option->run_callback();
}

/// As CLI11 reads it again; a value that is built in stands in a comment.
void print_option(const CLI::Option& option, std::ostream& out) {
    if (option.get_lnames().empty()) return;
    const std::string name = option.get_lnames().front();
    if (option.count() == 0) {
        if (!option.get_default_str().empty())
            out << "# " << name << " is " << option.get_default_str() << '\n';
        return;
    }
    const auto values = option.reduced_results();
    out << name << " = " << CLI::detail::ini_join(values) << '\n';
}

void print_settings(const CLI::App& app, const std::vector<CLI::App*>& chain, std::ostream& out) {
    const CLI::Option* file = app.get_config_ptr();
    if (file->count() > 0) out << "# with what " << file->as<std::string>() << " says\n";
    std::string section;
    for (const auto* command : chain) section += (section.empty() ? "" : ".") + command->get_name();
    out << '[' << section << "]\n";
    for (const auto* option : std::as_const(*chain.back()).get_options()) print_option(*option, out);
}

}  // namespace

std::string unreadable_settings(const std::string& file) {
    return file + ": cannot be read and should be a settings file";
}

std::string settings_behind(const CLI::App& app, const std::string& complaint) {
    const auto file = std::dynamic_pointer_cast<const SettingsFile>(app.get_config_formatter());
    return file && file->is_behind(complaint) ? app.get_config_ptr()->as<std::string>() : "";
}

boost::filesystem::path default_settings_file() {
    const char* folder = std::getenv("XDG_CONFIG_HOME");
    if (folder != nullptr && *folder == '/') return boost::filesystem::path(folder) / "piaa" / "piaa.toml";
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home != '/') return {};
    return boost::filesystem::path(home) / ".config" / "piaa" / "piaa.toml";
}

void add_settings_file(CLI::App& app, std::ostream& out) {
    app.fallthrough();  // both options may follow the command too
    app.config_formatter(std::make_shared<SettingsFile>(app));
    app.allow_config_extras(CLI::config_extras_mode::error);
    app.set_config(
           "--config", default_settings_file().string(),
           "Options that are not given are read from this file; ~/.config/piaa/piaa.toml if not given")
        ->type_name("FILE");
    auto print = std::make_shared<bool>(false);
    app.add_flag("--print-config", *print, "Print the options that hold, as such a file, and run nothing")
        ->configurable(false);
    app.parse_complete_callback([&app, &out, print] {
        refuse_unreadable_default(*app.get_config_ptr());
        const auto chain = chosen_commands(app);
        for (CLI::App* command : chain) take_pending(*command);
        if (!*print) return;
        print_settings(app, chain, out);
        throw CLI::Success();
    });
}

void exclude_by_value(CLI::App& command, const std::string& option, const std::string& other,
                      GoTogether go_together) {
    // A command without a settings file has nothing that could give way.
    if (const auto file = std::dynamic_pointer_cast<SettingsFile>(command.get_config_formatter()))
        file->add_pair({command.get_option(option), command.get_option(other), std::move(go_together)});
}

}  // namespace piaa::cli
