using System.Runtime.ExceptionServices;

namespace Embedded.Aspire.Running;

/// <summary>Aspire's API has a few members that block, such as <c>Run</c>. This is the one place that blocks for them.</summary>
internal static class Synchronously
{
    public static void Wait(Task task)
    {
        try
        {
            task.Wait();
        }
        catch (AggregateException e) when (e.InnerExceptions.Count == 1)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);      // as await would: the reason itself, with its own stack
        }
    }

    public static T Wait<T>(Task<T> task)
    {
        Wait((Task)task);
        return task.Result;
    }
}
