# Installs the build tree, moves what was installed, and lets an outside project find it, build and score.
# cmake -DBUILD=build/dev -DCONSUMER=tests/install/consumer -DFLAGS=... -DWORK=folder -P consumer_test.cmake
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/first --strip)
file(RENAME ${WORK}/first ${WORK}/moved)

run(${WORK}/moved/bin/piaa-batch --version)
run(${CMAKE_COMMAND} -S ${CONSUMER} -B ${WORK}/build -G Ninja -DCMAKE_PREFIX_PATH=${WORK}/moved
    -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
