#:property PublishAot=false
#:project Pipeline.Latency/Pipeline.Latency.csproj

// How long from the camera to the prediction, and where does the time go? README.md has question, method and limits.
//     dotnet run -c Release experiments/latency/latency.cs -- --help
return await Pipeline.Latency.LatencyCommand.RunAsync(args);
