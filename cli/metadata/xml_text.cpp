#include "metadata/xml_text.h"

#include <boost/algorithm/string/replace.hpp>

namespace piaa::cli {

std::string xml_text(std::string text) {
    boost::replace_all(text, "&", "&amp;");
    boost::replace_all(text, "<", "&lt;");
    boost::replace_all(text, ">", "&gt;");
    boost::replace_all(text, "\"", "&quot;");
    return text;
}

}  // namespace piaa::cli
