using Pipeline.Producer;

namespace Pipeline.Tests.Support;

/// <summary>All 10,000 test images, where they were fetched; else the test skips and says how to get them.</summary>
internal static class WholeCifar10
{
    public static Cifar10 Load()
    {
        Assert.SkipUnless(
            Directory.Exists(Cifar10Folders.Fetched), "All of CIFAR-10 is needed: dotnet run --project Pipeline.Producer -- fetch-cifar10");
        return Cifar10.Load(Cifar10Folders.Fetched);
    }
}
